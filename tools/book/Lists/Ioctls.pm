# ioctls.html: each ioctl of KVM on arm64.
package Lists::Ioctls;
use strict;
use warnings;
use Exporter 'import';
use Html qw(html_escape);
use Lists::Read qw(descriptor place_link source_link section_links);
use Lists::Errors qw(failures);
our @EXPORT_OK = qw(ioctls ioctl_sections program_lines descriptors);

# Those that arm64 handles, or that a program of the book tried.
sub ioctls {
	my ($book) = @_;
	my %known = map { $_->{name} => $_ } @{$book->{uapi}{ioctl} || []};
	my %all = map { $_ => $known{$_} || { name => $_, value => '', type => '' } } keys %{$book->{handlers}};
	for (@{$book->{sys}}) {
		$all{$_->{name}} //= $known{$_->{name}} if $known{$_->{name}};
	}
	return \%all;
}

# Where a chapter's own program has the request: the lines that its page shows.
sub program_lines {
	my ($book, $page, $name) = @_;
	my $file = "code/$page->{program}.c";
	if (!$page->{source}) {
		$page->{source} = [];
		if (open my $in, '<', $file) {
			$page->{source} = [<$in>];
		}
	}
	my $base = $file =~ s{.*/}{}r;
	return grep { $page->{ids}{"$base:$_"} && $page->{source}[$_ - 1] =~ /\b\Q$name\E\b/ } 1 .. @{$page->{source}};
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
	push @{$by{$_->{fd}}}, $_ for @{$book->{handlers}{$name} || []};
	return join '; ', map { my $fd = $_; descriptor($fd) . ": " . join ', ', map {
		"<a href=\"functions.html#$_->{function}\"><code>$_->{function}()</code></a> "
			. place_link($book, "$_->{path}:$_->{line}") } @{$by{$fd}} }
		grep { $by{$_} } qw(system vm vcpu device);
}

sub argument_html {
	my ($book, $ioctl) = @_;
	my ($row) = @{$book->{handlers}{$ioctl->{name}} || []};
	my $type = $ioctl->{type};
	my $place = $book->{structs}{$type};
	my $html = $type =~ /^kvm_|^reg_/ ? '<code>struct ' . $type . '</code>' : $type ne '' ? "<code>$type</code>" : '';
	$html = source_link($book, $place, $html, 'fn') . ' ' . place_link($book, $place) if $place;
	return $html ne '' ? $html : html_escape($row ? $row->{parameters} : '');
}

# The capability by KVM's documentation, with the chapters that name it.
sub capability_html {
	my ($book, $name) = @_;
	my ($row) = @{$book->{handlers}{$name} || []};
	return '' if !$row || $row->{capability} eq '';
	return 'none: every KVM has it' if $row->{capability} eq 'basic';
	my @html;
	for my $cap ($row->{capability} =~ /(KVM_CAP_\w+)/g) {
		my $where = section_links($book, sub { $_[0]{words}{$cap} });
		push @html, "<code>$cap</code>" . ($where ne '' ? " $where" : '');
	}
	return join '; ', @html;
}

sub documentation_html {
	my ($book, $name) = @_;
	my ($row) = @{$book->{handlers}{$name} || []};
	return '' if !$row || $row->{doc} eq '';
	my $html = place_link($book, "Documentation/virt/kvm/api.rst:$row->{doc}");
	my $for = $row->{architectures};
	my $not = $for ne '' && ($for =~ /except arm64/ || $for !~ /arm64|all|none/);
	return $html . ($not ? ', for ' . html_escape($for) : '');
}

sub lines_html {
	my ($book, $name) = @_;
	my @html;
	for my $page (@{$book->{pages}}) {
		my @lines = program_lines($book, $page, $name) or next;
		my $more = @lines > 6;
		@lines = @lines[0 .. 4] if $more;
		push @html, "<span class=\"per\"><b>$page->{number}</b>&nbsp;" . join(', ', (map {
			"<a href=\"$page->{file}#$page->{program}.c:$_\">$_</a>" } @lines), $more ? '…' : ()) . '</span>';
	}
	return join ' ', @html;
}

# EINVAL, with the chapters that provoked it.
sub errors_html {
	my ($book, $name) = @_;
	my %by;
	push @{$by{$_->{errno}}}, $_ for grep { $_->{name} eq $name } @{failures($book)};
	return join ', ', map { my $errno = $_; "<a href=\"errors.html#$errno-$name\"><code>$errno</code></a> ("
		. join(', ', map { "<a href=\"$_->{href}\">$_->{page}{number}</a>" } once(@{$by{$errno}})) . ')' } sort keys %by;
}

# One of each chapter.
sub once {
	my %seen;
	return grep { !$seen{$_->{page}{number}}++ } @_;
}

sub line { return $_[1] eq '' ? '' : "<dd><span class=\"label\">$_[0]</span> $_[1]</dd>\n" }

sub entry_html {
	my ($book, $ioctl) = @_;
	my $name = $ioctl->{name};
	return "<dt id=\"$name\"><code>$name</code>"
		. ($ioctl->{value} ne '' ? sprintf ' <span class="value">0x%x</span>', $ioctl->{value} : '') . "</dt>\n"
		. line('On', handlers_html($book, $name))
		. line('Argument', argument_html($book, $ioctl))
		. line('Capability', capability_html($book, $name))
		. line('Docs', documentation_html($book, $name))
		. line('Programs', lines_html($book, $name))
		. line('Text', section_links($book, sub { $_[0]{words}{$name} }))
		. line('Errors', errors_html($book, $name));
}

sub ioctl_sections {
	my ($book) = @_;
	my $all = ioctls($book);
	my %tried = map { $_->{name} => 1 } @{$book->{sys}};
	my @sections;
	for (['in-this-book', 'In this book', 1], ['not-reached', 'Not reached yet', 0]) {
		my ($id, $title, $wanted) = @$_;
		my @names = grep { ($tried{$_} ? 1 : 0) == $wanted } sort keys %$all or next;
		push @sections, { id => $id, title => $title,
			html => "<dl class=\"listed\">\n" . join('', map { entry_html($book, $all->{$_}) } @names) . "</dl>\n" };
	}
	return @sections ? @sections : { html => "<p>The captures have no ioctl.</p>\n" };
}

1;
