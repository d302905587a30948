# Writes ioctls.html, an entry for each ioctl of KVM on arm64.
package Lists::Ioctls;
use strict;
use warnings;
use Exporter 'import';
use Element qw(element html joined);
use Lists::Read qw(descriptor entries entry paragraph line function_link place_link source_link of_chapter section_links);
use Lists::Errors qw(failures);
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

sub handlers_html {
	my ($book, $name) = @_;
	my %by;
	push @{$by{$_->{fd}}}, html(function_link($_->{function}), ' ', place_link($book, "$_->{path}:$_->{line}"))
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

sub documentation_html {
	my ($book, $name) = @_;
	my ($row) = @{$book->{handlers}{$name} || []};
	return html() if !$row || $row->{doc} eq '';
	my $for = $row->{architectures};
	my $not = $for ne '' && ($for =~ /except arm64/ || $for !~ /arm64|all|none/);
	return html(place_link($book, "Documentation/virt/kvm/api.rst:$row->{doc}"), $not ? ", for $for" : ());
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

# Writes "EINVAL (4, 8)": each error with the chapters that provoke it.
sub errors_html {
	my ($book, $name) = @_;
	my %by;
	push @{$by{$_->{errno}}}, $_ for grep { $_->{name} eq $name } @{failures($book)};
	return joined(', ', map {
		html(element('a', [href => "errors.html#$_-$name"], element('code', $_)), ' (',
			joined(', ', map { element('a', [href => $_->{href}, class => 'nr'], $_->{page}{number}) } once(@{$by{$_}})), ')')
	} sort keys %by);
}

# Keeps the first failure of each chapter.
sub once {
	my %seen;
	return grep { !$seen{$_->{page}{number}}++ } @_;
}

sub entry_html {
	my ($book, $ioctl) = @_;
	my $name = $ioctl->{name};
	return entry(element('dt', [id => $name], element('code', $name),
			$ioctl->{value} ne '' ? (' ', element('span', [class => 'value'], sprintf '0x%x', $ioctl->{value})) : ()),
		line('On', handlers_html($book, $name)),
		line('Argument', argument_html($book, $ioctl)),
		line('Capability', capability_html($book, $name)),
		line('Docs', documentation_html($book, $name)),
		line('Programs', lines_html($book, $name)),
		line('Text', section_links($book, sub { $_[0]{words}{$name} })),
		line('Errors', errors_html($book, $name)));
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
