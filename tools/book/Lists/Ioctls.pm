# Writes ioctls.html, an entry for each ioctl of KVM on arm64.
package Lists::Ioctls;
use strict;
use warnings;
use Exporter 'import';
use Chapter qw(chapter_name);
use Element qw(element html joined written as_is);
use Lists::Read qw(descriptor entries entry paragraph line function_link place_link source_link of_chapter section_links);
use Lists::Functions qw(functions);
use Lists::Errors qw(failures causes cause explained capital);
our @EXPORT_OK = qw(ioctls ioctl_sections program_lines descriptors);

# Returns the ioctls that arm64 handles and those that a program of the book tried.
sub ioctls {
	my ($book) = @_;
	my %known = map { $_->{name} => $_ } @{$book->{uapi}{ioctl} || []};
	my %all = map { $_ => $known{$_} || { name => $_, value => '', type => '' } } keys %{$book->{handlers}};
	for (@{$book->{sys}}) {
		$all{$_->{name}} //= $known{$_->{name}} if $known{$_->{name}};
	}
	return \%all;
}

# Returns the lines of a file of code/, read once; none if it is not there.
sub source {
	my ($book, $base) = @_;
	return $book->{source}{$base} //= do {
		my $in;
		open($in, '<', "code/$base") ? [<$in>] : [];
	};
}

# Returns the lines of a chapter's program and headers that make a request, as "FILE:LINE", if its page shows them.
sub program_lines {
	my ($book, $page, $name) = @_;
	my @places;
	for my $base ("$page->{program}.c", map { s{.*/}{}r } glob 'code/*.h') {
		my $lines = source($book, $base);
		push @places, map { "$base:$_" } grep { $page->{ids}{"$base:$_"} && $lines->[$_ - 1] =~ /\b\Q$name\E\b/ } 1 .. @$lines;
	}
	return @places;
}

sub descriptors {
	my ($book, $name) = @_;
	my (%seen, @fds);
	for (@{$book->{handlers}{$name} || []}) {
		push @fds, $_->{fd} if !$seen{$_->{fd}}++;
	}
	return @fds;
}

# Writes a function that leads to its entry, if the book has met it.
sub handler_link {
	my ($book, $name) = @_;
	return functions($book)->{$name} ? function_link($name) : element('code', "$name()");
}

sub handlers_html {
	my ($book, $name) = @_;
	my %by;
	push @{$by{$_->{fd}}}, html(handler_link($book, $_->{function}), ' ', place_link($book, "$_->{path}:$_->{line}"))
		for @{$book->{handlers}{$name} || []};
	return joined('; ', map { html(descriptor($_), ': ', joined(', ', @{$by{$_}})) } grep { $by{$_} } qw(system vm vcpu device));
}

sub argument_html {
	my ($book, $ioctl) = @_;
	my ($row) = @{$book->{handlers}{$ioctl->{name}} || []};
	my $type = $ioctl->{type};
	return html($row ? $row->{parameters} : '') if $type eq '';
	my $code = element('code', $type =~ /^kvm_|^reg_/ ? "struct $type" : $type);
	my $place = $book->{structs}{$type} or return $code;
	return html(source_link($book, $place, $code, 'fn'), ' ', place_link($book, $place));
}

# Writes the capability that KVM's documentation names, with the sections that name it.
sub capability_html {
	my ($book, $name) = @_;
	my ($row) = @{$book->{handlers}{$name} || []};
	return html() if !$row;
	return html('none: every KVM has it') if $row->{capability} eq 'basic';
	return joined('; ', map {
		my $cap = $_;
		my $where = section_links($book, sub { $_[0]{words}{$cap} });
		html(element('code', $cap), $where ? (' ', $where) : ())
	} $row->{capability} =~ /(KVM_CAP_\w+)/g);
}

# Whether the documentation says that an ioctl is for other architectures than arm64.
sub is_foreign {
	my ($row) = @_;
	my $for = $row->{architectures};
	return $for ne '' && ($for =~ /except arm64/ || $for !~ /arm64|all|none/);
}

sub documentation_html {
	my ($book, $name) = @_;
	my ($row) = @{$book->{handlers}{$name} || []};
	return html() if !$row || $row->{doc} eq '';
	return html(place_link($book, "Documentation/virt/kvm/api.rst:$row->{doc}"), is_foreign($row) ? ", for $row->{architectures}" : ());
}

sub lines_html {
	my ($book, $name) = @_;
	my @chapters;
	for my $page (@{$book->{pages}}) {
		my @lines = program_lines($book, $page, $name) or next;
		my $more = @lines > 6;
		@lines = @lines[0 .. 4] if $more;
		push @chapters, of_chapter($page, joined(', ',
			(map { element('a', [href => "$page->{file}#$_", class => 'nr'], s/^\Q$page->{program}\E\.c://r) } @lines), $more ? '…' : ()));
	}
	return joined(' ', @chapters);
}

# Writes what the captures have of an ioctl that went well: a descriptor, which a
# capture of few functions has as a mere number, or else numbers, of which three
# will do; and the structure that it fills, by KVM's documentation.
sub returns_html {
	my ($book, $ioctl) = @_;
	my (%kinds, %numbers);
	for (grep { $_->{name} eq $ioctl->{name} } @{$book->{sys}}) {
		$kinds{$1} = 1 if $_->{result} =~ /^\d+:(\w+)$/;
		$numbers{$1} = 1 if $_->{result} =~ /^(\d+)$/;
	}
	my @numbers = %kinds ? () : sort { $a <=> $b } keys %numbers;
	my $made = join ' or ', map { 'a descriptor of ' . (descriptor($_) || $_) } sort keys %kinds;
	my $number = @numbers > 3 ? "a number: $numbers[0], $numbers[1] … $numbers[-1]" : join ' or ', @numbers;
	my ($row) = @{$book->{handlers}{$ioctl->{name}} || []};
	my ($struct, $in) = $row && !is_foreign($row) ? $row->{parameters} =~ m{^(struct \w+) \((in/)?out\)} : ();
	return joined('; ', (grep { $_ ne '' } $made, $number),
		$struct ? html($in ? 'reads and fills ' : 'fills ', element('code', $struct)) : ());
}

# How often the text of a page names an ioctl.
sub times_named {
	my ($page, $name) = @_;
	my $times = 0;
	$times += $_->{words}{$name} // 0 for @{$page->{places}};
	return $times;
}

# Writes the chapter that explains an ioctl: the first in whose capture it went well
# and whose text names it; else the one that names it the most.  Chapter 0 only
# shows what there will be.
sub chapter_html {
	my ($book, $name) = @_;
	my %well = map { $_->{program} => 1 } grep { $_->{name} eq $name && $_->{result} !~ /^-/ } @{$book->{sys}};
	my @named = grep { times_named($_, $name) && $_->{number} ne '0' } @{$book->{pages}};
	my ($best) = ((grep { $well{$_->{program}} } @named),
		(sort { times_named($b, $name) <=> times_named($a, $name) } @named));
	return $best ? of_chapter($best, element('a', [href => $best->{file}], $best->{title})) : html();
}

# Writes a cause as a chapter has it, with a link to there.
sub cause_html {
	my ($errno, $wrong) = @_;
	my %about = (%$wrong, title => $wrong->{title} =~ s/\bfrom KVM_\w+(?:(?:,| or| and) KVM_\w+)*\.?(?:: |$)//ir);
	my $title = cause($errno, \%about);
	my $number = element('a', [href => "$wrong->{page}{file}#$wrong->{id}", class => 'nr'], chapter_name($wrong->{page}{number}));
	return html(as_is(capital(written($title || explained($wrong)))), ' (', $number, ')');
}

# Writes the functions from which a failure came that no chapter explains, with lines.
sub unexplained_html {
	my ($book, @failures) = @_;
	return map {
		my $place = $book->{symbols}{$_->{first}};
		html($_->{first} eq '' ? 'From the kernel, outside of KVM' : ('From ', function_link($_->{first}), $place ? (' ', place_link($book, $place)) : ()),
			' (', element('a', [href => $_->{href}, class => 'nr'], chapter_name($_->{page}{number})), ')')
	} @failures;
}

# Keeps one failure of each function that no failure in the chapters of the causes
# came from.
sub others {
	my ($causes, @failures) = @_;
	my %chapters = map { $_->{page}{number} => 1 } @$causes;
	my %from = map { $_->{first} => 1 } grep { $chapters{$_->{page}{number}} } @failures;
	return grep { !$from{$_->{first}}++ } @failures;
}

# Writes a line for each error: its name, and why it came or may come.
sub errors_html {
	my ($book, $name) = @_;
	my %by;
	push @{$by{$_->{errno}}}, $_ for grep { $_->{name} eq $name } @{failures($book)};
	my $causes = causes($book, $name);
	my %all = map { $_ => 1 } keys %by, keys %$causes;
	my @rows = map {
		my $errno = $_;
		my $code = element('code', $errno);
		my @why = (map({ cause_html($errno, $_) } @{$causes->{$errno} || []}),
			unexplained_html($book, others($causes->{$errno} || [], @{$by{$errno} || []})));
		element('li', $by{$errno} ? element('a', [href => "errors.html#$errno-$name"], $code) : $code, ' ', joined('; ', @why));
	} sort keys %all;
	return @rows ? element('ul', [class => 'refusals'], @rows) : html();
}

sub entry_html {
	my ($book, $ioctl) = @_;
	my $name = $ioctl->{name};
	return entry(element('dt', [id => $name], element('code', $name),
			$ioctl->{value} ne '' ? (' ', element('span', [class => 'value'], sprintf '0x%x', $ioctl->{value})) : ()),
		line('Returns', returns_html($book, $ioctl)),
		line('Explained', chapter_html($book, $name)),
		line('Errors', errors_html($book, $name)),
		line('On', handlers_html($book, $name)),
		line('Argument', argument_html($book, $ioctl)),
		line('Capability', capability_html($book, $name)),
		line('Docs', documentation_html($book, $name)),
		line('Programs', lines_html($book, $name)),
		line('Text', section_links($book, sub { $_[0]{words}{$name} })));
}

sub ioctl_sections {
	my ($book) = @_;
	my $all = ioctls($book);
	my %tried = map { $_->{name} => 1 } @{$book->{sys}};
	my @sections;
	for (['in-this-book', 'In this book', 1], ['not-reached', 'Not reached yet', 0]) {
		my ($id, $title, $wanted) = @$_;
		my @names = grep { ($tried{$_} ? 1 : 0) == $wanted } sort keys %$all or next;
		push @sections, { id => $id, title => $title, html => entries('listed', map { entry_html($book, $all->{$_}) } @names) };
	}
	return @sections ? @sections : { html => paragraph('The captures have no ioctl.') };
}

1;
