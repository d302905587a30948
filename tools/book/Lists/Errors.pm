# errors.html: where each error comes from, and each exit reason.
package Lists::Errors;
use strict;
use warnings;
use Exporter 'import';
use Errno ();
use Html qw(html_escape with_edges);
use Lists::Read qw(descriptor source_link place_link section_links);
our @EXPORT_OK = qw(failures errnos errnos_of error_sections says exits);

# What the system calls of the captures failed with, by line of the program;
# a mode other than VHE counts where VHE has no such failure.
sub failures {
	my ($book) = @_;
	return $book->{failures} if $book->{failures};
	my (%seen, @all);
	for my $mode (qw(vhe nvhe protected)) {
		for my $sys (grep { $_->{mode} eq $mode && $_->{result} =~ /^-E/ } @{$book->{sys}}) {
			my $page = $book->{page}{$sys->{program}} or next;
			next if $seen{join "\t", @$sys{qw(name program line result first)}}++;
			my $id = $sys->{line} =~ s{.*/}{}r;
			push @all, { name => $sys->{name}, errno => $sys->{result} =~ s/^-//r, page => $page, line => $id,
				mode => $mode, first => $sys->{first}, times => $sys->{times}, fd => $sys->{fd},
				href => $page->{file} . ($page->{ids}{$id} ? "#$id" : '') };
		}
	}
	@all = sort { $a->{name} cmp $b->{name} || $a->{page}{number} <=> $b->{page}{number}
		|| ($a->{line} =~ /(\d+)$/)[0] <=> ($b->{line} =~ /(\d+)$/)[0] } @all;
	return $book->{failures} = \@all;
}

sub is_errno { return exists $Errno::{$_[0]} && $_[0] =~ /^E[A-Z0-9]+$/ }

# The errors that a text has among its codes.
sub errnos_of { return grep { is_errno($_) } split / /, $_[0] }

# The functions that returned an error, to the program or to each other.
sub returned_by {
	my ($book, $errno) = @_;
	return grep { $book->{result}{$_}{"-$errno"} } sort keys %{$book->{result} || {}};
}

# Every error of the captures and of the chapters' sections on what goes wrong.
sub errnos {
	my ($book) = @_;
	my %all = map { $_->{errno} => 1 } @{failures($book)};
	for my $results (values %{$book->{result} || {}}) {
		$all{$_} = 1 for grep { is_errno($_) } map { s/^-//r } keys %$results;
	}
	for my $wrong (map { @{$_->{wrong}} } @{$book->{pages}}) {
		$all{$_} = 1 for errnos_of($wrong->{codes});
	}
	return sort keys %all;
}

# The system's words for it.
sub says {
	my ($errno) = @_;
	no strict 'refs';
	local $! = &{"Errno::$errno"}();
	return "$!";
}

# The ioctls that an entry is about: those of its head, else those of its text.
sub ioctls_of {
	my ($book, $wrong) = @_;
	my @head = grep { $book->{handlers}{$_} } split / /, $wrong->{codes};
	my %seen;
	return grep { !$seen{$_}++ } @head ? @head : grep { $book->{handlers}{$_} } grep { /^KVM_/ } split ' ', $wrong->{names};
}

# An entry of a chapter, below the heading of the error: "a wrong PSTATE".
sub entry_html {
	my ($errno, $wrong) = @_;
	my $page = $wrong->{page};
	my $title = $wrong->{title} =~ s/\.$//r =~ s/^\Q$errno\E(?:[:,] | |$)//r;
	my $where = "chapter $page->{number}";
	# What follows a head may go on in its sentence, or lead to a listing.
	my $text = with_edges($wrong->{html}, sub { $_[0] =~ s/^[,;:.]\s*//r =~ s/^([a-z])(?=[a-z]*[ ,])/\U$1/r },
		sub { $_[0] =~ s/:$/./r });
	$where = ucfirst $where if $title eq '';
	my $link = "<a href=\"$page->{file}#$wrong->{id}\">" . html_escape($title ne '' ? ucfirst $title : $where) . '</a>';
	return "<dt>$link" . ($title ne '' ? " <span class=\"per\">$where</span>" : '') . "</dt>\n"
		. ($text ne '' ? "<dd>$text</dd>\n" : '');
}

# The rows of one error's table; the first of each system call has an anchor.
sub failures_html {
	my ($book, $errno) = @_;
	my @rows = grep { $_->{errno} eq $errno } @{failures($book)} or return '';
	my ($html, %seen) = ('');
	for (@rows) {
		my $id = $seen{$_->{name}}++ ? '' : " id=\"$errno-$_->{name}\"";
		my $name = $book->{handlers}{$_->{name}} ? "<a href=\"ioctls.html#$_->{name}\"><code>$_->{name}</code></a>" : "<code>$_->{name}()</code>";
		my $fd = descriptor($_->{fd}) ne '' ? ' on ' . descriptor($_->{fd}) : '';
		my $first = $_->{first} eq '' ? 'the kernel, outside of KVM' : "<a href=\"functions.html#$_->{first}\"><code>$_->{first}()</code></a>"
			. ($book->{symbols}{$_->{first}} ? ' ' . place_link($book, $book->{symbols}{$_->{first}}) : '');
		$html .= "<tr$id><td>$name$fd</td><td><a href=\"$_->{href}\">$_->{line}</a></td><td>$first</td></tr>\n";
	}
	return "<table class=\"failures\">\n<thead><tr><th>Provoked by</th><th>Line</th><th>First returned by</th></tr></thead>\n<tbody>\n$html</tbody></table>\n";
}

sub errno_section {
	my ($book, $errno) = @_;
	my @wrong = grep { my $wrong = $_; grep { $_ eq $errno } errnos_of($wrong->{codes}) } map { @{$_->{wrong}} } @{$book->{pages}};
	my $text = section_links($book, sub { $_[0]{words}{$errno} });
	my $by = join ', ', map { "<a href=\"functions.html#$_\"><code>$_()</code></a>" } returned_by($book, $errno);
	return { id => $errno, title => $errno, html => "<p class=\"says\">" . html_escape(says($errno)) . "</p>\n"
		. failures_html($book, $errno)
		. (@wrong ? "<dl class=\"wrong\">\n" . join('', map { entry_html($errno, $_) } @wrong) . "</dl>\n" : '')
		. ($by ne '' ? "<p class=\"also\"><span class=\"label\">Returned by</span> $by</p>\n" : '')
		. ($text ne '' ? "<p class=\"also\"><span class=\"label\">Text</span> $text</p>\n" : '') };
}

# By ioctl, with what the chapters say and what the captures have.
sub by_call_section {
	my ($book) = @_;
	my (%href, %call);
	for my $wrong (map { @{$_->{wrong}} } @{$book->{pages}}) {
		for my $name (ioctls_of($book, $wrong)) {
			$call{$name}{$_} //= "$wrong->{page}{file}#$wrong->{id}" for errnos_of($wrong->{codes});
		}
	}
	$call{$_->{name}}{$_->{errno}} = "#$_->{errno}-$_->{name}" for @{failures($book)};
	my %section = (id => 'by-call', title => 'By system call', html => "<p>The captures have no error.</p>\n");
	$section{html} = "<dl class=\"listed\">\n" . join('', map {
		my $name = $_;
		my $html = $book->{handlers}{$name} ? "<a href=\"ioctls.html#$name\"><code>$name</code></a>" : "<code>$name()</code>";
		"<dt id=\"from-$name\">$html</dt>\n<dd>" . join(', ', map { "<a href=\"$call{$name}{$_}\"><code>$_</code></a>" } sort keys %{$call{$name}}) . "</dd>\n"
	} sort keys %call) . "</dl>\n" if %call;
	return \%section;
}

# The exit reasons, each with the places that name it.
sub exits {
	my ($book) = @_;
	return @{$book->{uapi}{exit} || []};
}

sub exit_html {
	my ($book, $exit, $text) = @_;
	my $name = $exit->{name};
	my %lines;
	for (grep { $_->{reason} eq $name && $book->{page}{$_->{program}} } @{$book->{exits}}) {
		$lines{$_->{program}}{$_->{line} =~ s{.*/}{}r} = 1;
	}
	my $ran = join ' ', map { my $page = $_; "<span class=\"per\"><b>$page->{number}</b>&nbsp;" . join(', ', map {
		$page->{ids}{$_} ? "<a href=\"$page->{file}#$_\">" . (/(\d+)$/)[0] . '</a>' : (/(\d+)$/)[0]
	} sort { ($a =~ /(\d+)$/)[0] <=> ($b =~ /(\d+)$/)[0] } keys %{$lines{$page->{program}}}) . '</span>' } grep { $lines{$_->{program}} } @{$book->{pages}};
	return "<dt id=\"$name\"><code>$name</code> <span class=\"value\">$exit->{value}</span></dt>\n"
		. ($text ne '' ? "<dd><span class=\"label\">Text</span> $text</dd>\n" : '')
		. ($ran ne '' ? "<dd><span class=\"label\">Came to</span> $ran</dd>\n" : '');
}

sub exit_section {
	my ($book) = @_;
	my ($html, @others) = ('');
	for my $exit (sort { $a->{value} <=> $b->{value} } exits($book)) {
		my $name = $exit->{name};
		my $text = section_links($book, sub { $_[0]{words}{$name} });
		if ($text ne '' || grep { $_->{reason} eq $name } @{$book->{exits}}) {
			$html .= exit_html($book, $exit, $text);
		} else {
			push @others, $exit;
		}
	}
	return { id => 'exit-reasons', title => 'Exit reasons', html => ($html ne '' ? "<dl class=\"listed\">\n$html</dl>\n" : '')
		. (@others ? '<p class="also">No chapter has met: ' . join(', ', map {
			"<span id=\"$_->{name}\"><code>$_->{name}</code> <span class=\"value\">$_->{value}</span></span>" } @others) . ".</p>\n" : '') };
}

sub error_sections {
	my ($book) = @_;
	return map({ errno_section($book, $_) } errnos($book)), by_call_section($book), exit_section($book);
}

1;
