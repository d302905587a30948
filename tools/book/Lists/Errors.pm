# Writes errors.html, which says where each error comes from, and the exit reasons.
package Lists::Errors;
use strict;
use warnings;
use Exporter 'import';
use Errno ();
use Chapter qw(chapter_name by_number);
use Element qw(element html joined written as_is);
use Html qw(with_edges);
use Lists::Read qw(descriptor function_at entries entry paragraph line function_link call_link place_link of_chapter section_links);
our @EXPORT_OK = qw(failures causes cause explained capital errnos errnos_of error_sections says exits);

# Returns the failed system calls of the captures, one for each line of a program.
# Another mode than VHE counts only where VHE has no such failure.
sub failures {
	my ($book) = @_;
	return $book->{failures} if $book->{failures};
	my (%seen, @all);
	for my $mode (qw(vhe nvhe protected nested)) {
		for my $sys (grep { $_->{mode} eq $mode && $_->{result} =~ /^-E/ } @{$book->{sys}}) {
			my $page = $book->{page}{$sys->{program}} or next;
			next if $seen{join "\t", @$sys{qw(name program line result first)}}++;
			my $id = $sys->{line} =~ s{.*/}{}r;
			push @all, { name => $sys->{name}, errno => $sys->{result} =~ s/^-//r, page => $page, line => $id,
				mode => $mode, first => $sys->{first}, times => $sys->{times}, fd => $sys->{fd},
				href => $page->{file} . ($page->{ids}{$id} ? "#$id" : '') };
		}
	}
	@all = sort { $a->{name} cmp $b->{name} || by_number($a->{page}{number}, $b->{page}{number})
		|| ($a->{line} =~ /(\d+)$/)[0] <=> ($b->{line} =~ /(\d+)$/)[0] } @all;
	return $book->{failures} = \@all;
}

sub is_errno { return exists $Errno::{$_[0]} && $_[0] =~ /^E[A-Z0-9]+$/ }

# Picks the errors from the names that a text has in code.
sub errnos_of { return grep { is_errno($_) } split / /, $_[0] }

# Returns the functions that returned an error, to the program or to each other.
sub returned_by {
	my ($book, $errno) = @_;
	return grep { $book->{result}{$_}{"-$errno"} } sort keys %{$book->{result} || {}};
}

# Returns every error that a capture has or a section on what goes wrong names.
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

# Returns the system's words for an error.
sub says {
	my ($errno) = @_;
	no strict 'refs';
	local $! = &{"Errno::$errno"}();
	return "$!";
}

# An entry is about the ioctls of its head or, if there are none, those of its text.
sub ioctls_of {
	my ($book, $wrong) = @_;
	my @head = grep { $book->{handlers}{$_} } split / /, $wrong->{codes};
	my %seen;
	return grep { !$seen{$_}++ } @head ? @head : grep { $book->{handlers}{$_} } grep { /^KVM_/ } split ' ', $wrong->{names};
}

sub capital { return with_edges($_[0], sub { ucfirst $_[0] }, sub { $_[0] }) }

# Writes the head of a cause without its error, and with its condition; may be nothing.
sub cause {
	my ($errno, $wrong) = @_;
	my $title = html($wrong->{title} =~ s/\.$//r =~ s/^\Q$errno\E(?:[:,] | |$)//r);
	return joined(': ', grep { $_ } $title, as_is($wrong->{shown} // ''));
}

# Writes what a chapter says of a cause. There the text may continue the sentence
# of its head, or end before a listing; in a list it stands alone.
sub explained {
	my ($wrong) = @_;
	return as_is(with_edges($wrong->{html}, sub { $_[0] =~ s/^[,;:.]\s*//r =~ s/^([a-z])(?=[a-z]*[ ,])/\U$1/r },
		sub { $_[0] =~ s/:$/./r }));
}

# Returns the functions that a cause names, and those whose lines it cites.
sub functions_of {
	my ($book, $wrong) = @_;
	my %named = map { $_ => 1 } $wrong->{words} =~ /(\w+)\(/g;
	$named{$_} = 1 for grep { $_ ne '' } map { function_at($book, $_) } split / /, $wrong->{cited};
	return \%named;
}

# Returns the ioctls that a cause is about: those that it names; or those whose
# failure, in the capture of its chapter, came from a function that it names; or the
# only one that failed so there; or the only one on the way to a function that it names.
sub asked_by {
	my ($book, $errno, $wrong) = @_;
	my @named = ioctls_of($book, $wrong);
	return @named if @named;
	my $functions = functions_of($book, $wrong);
	my @failed = grep { $_->{errno} eq $errno && $_->{page} == $wrong->{page} } @{failures($book)};
	my @from = grep { $functions->{$_->{first}} } @failed;
	my %names = map { $_->{name} => 1 } @from ? @from : @failed;
	if (!@failed) {
		my @ways = grep { $_ && @$_ == 1 } map { $book->{path}{$_} } sort keys %$functions;
		%names = map { $_->[0][0] => 1 } @ways;
	}
	return @from || keys %names == 1 ? grep { $book->{handlers}{$_} } sort keys %names : ();
}

# Returns the causes of an ioctl's errors that the chapters explain, by error.
sub causes {
	my ($book, $name) = @_;
	if (!$book->{causes}) {
		$book->{causes} = {};
		for my $wrong (map { @{$_->{wrong}} } @{$book->{pages}}) {
			for my $errno (errnos_of($wrong->{codes})) {
				push @{$book->{causes}{$_}{$errno}}, $wrong for asked_by($book, $errno, $wrong);
			}
		}
	}
	return $book->{causes}{$name} || {};
}

# Writes what a chapter says of one cause; "A wrong PSTATE" leads to the chapter.
sub entry_html {
	my ($errno, $wrong) = @_;
	my $page = $wrong->{page};
	my $title = cause($errno, $wrong);
	my $where = chapter_name($page->{number});
	my $text = explained($wrong);
	my $link = element('a', [href => "$page->{file}#$wrong->{id}"], as_is(capital(written($title || html($where)))));
	return html(element('dt', $link, $title ? (' ', element('span', [class => 'per'], $where)) : ()), "\n",
		$text ? (element('dd', $text), "\n") : ());
}

# Writes the row of one failure; links lead to the first row of a system call.
sub failure_html {
	my ($book, $failure, $id) = @_;
	my $fd = descriptor($failure->{fd});
	my $first = $failure->{first};
	my $place = $book->{symbols}{$first};
	return html(element('tr', [id => $id],
		element('td', call_link($book, $failure->{name}), $fd ne '' ? " on $fd" : ()),
		element('td', element('a', [href => $failure->{href}], $failure->{line})),
		element('td', $first eq '' ? 'the kernel, outside of KVM' : function_link($first),
			$place ? (' ', place_link($book, $place)) : ())), "\n");
}

# Writes the table of all failures with an error, if there are any.
sub failures_html {
	my ($book, $errno) = @_;
	my @rows = grep { $_->{errno} eq $errno } @{failures($book)} or return html();
	my %seen;
	return html(element('table', [class => 'failures'], "\n",
		element('thead', element('tr', map { element('th', $_) } 'Provoked by', 'Line', 'First returned by')), "\n",
		element('tbody', "\n", map { failure_html($book, $_, $seen{$_->{name}}++ ? undef : "$errno-$_->{name}") } @rows)), "\n");
}

# Writes a paragraph with a label below an entry, if there is something to say.
sub also {
	my ($label, $said) = @_;
	return $said ? paragraph([class => 'also'], element('span', [class => 'label'], $label), ' ', $said) : html();
}

sub errno_section {
	my ($book, $errno) = @_;
	my @wrong = grep { my $wrong = $_; grep { $_ eq $errno } errnos_of($wrong->{codes}) } map { @{$_->{wrong}} } @{$book->{pages}};
	return { id => $errno, title => $errno, html => html(paragraph([class => 'says'], says($errno)),
		failures_html($book, $errno),
		@wrong ? entries('wrong', map { entry_html($errno, $_) } @wrong) : (),
		also('Returned by', joined(', ', map { function_link($_) } returned_by($book, $errno))),
		also('Text', section_links($book, sub { $_[0]{words}{$errno} }))) };
}

# Lists the errors of each system call, from the chapters and from the captures.
sub by_call_section {
	my ($book) = @_;
	my (%href, %call);
	for my $wrong (map { @{$_->{wrong}} } @{$book->{pages}}) {
		for my $name (ioctls_of($book, $wrong)) {
			$call{$name}{$_} //= "$wrong->{page}{file}#$wrong->{id}" for errnos_of($wrong->{codes});
		}
	}
	$call{$_->{name}}{$_->{errno}} = "#$_->{errno}-$_->{name}" for @{failures($book)};
	my @entries = map {
		my $errors = $call{$_};
		entry(element('dt', [id => "from-$_"], call_link($book, $_)),
			element('dd', joined(', ', map { element('a', [href => $errors->{$_}], element('code', $_)) } sort keys %$errors)), "\n")
	} sort keys %call;
	return { id => 'by-call', title => 'By system call',
		html => @entries ? entries('listed', @entries) : paragraph('The captures have no error.') };
}

# Returns all exit reasons of the kernel's interface.
sub exits {
	my ($book) = @_;
	return @{$book->{uapi}{exit} || []};
}

# Writes the lines of each chapter's program at which KVM_RUN left for a reason.
sub came_to {
	my ($book, $name) = @_;
	my (%lines, @chapters);
	for (grep { $_->{reason} eq $name } @{$book->{exits}}) {
		my ($id, $line) = $_->{line} =~ m{([^/]*?(\d+))$};
		$lines{$_->{program}}{$line} = $id;
	}
	for my $page (grep { $lines{$_->{program}} } @{$book->{pages}}) {
		my $ids = $lines{$page->{program}};
		push @chapters, of_chapter($page, joined(', ', map {
			$page->{ids}{$ids->{$_}} ? element('a', [href => "$page->{file}#$ids->{$_}", class => 'nr'], $_) : $_
		} sort { $a <=> $b } keys %$ids));
	}
	return joined(' ', @chapters);
}

# Writes "KVM_EXIT_MMIO 6".
sub exit_name {
	my ($exit) = @_;
	return html(element('code', $exit->{name}), ' ', element('span', [class => 'value'], $exit->{value}));
}

sub exit_html {
	my ($book, $exit, $text) = @_;
	my $name = $exit->{name};
	return entry(element('dt', [id => $name], exit_name($exit)),
		line('Text', $text), line('Came to', came_to($book, $name)));
}

sub exit_section {
	my ($book) = @_;
	my (@entries, @others);
	for my $exit (sort { $a->{value} <=> $b->{value} } exits($book)) {
		my $name = $exit->{name};
		my $text = section_links($book, sub { $_[0]{words}{$name} });
		if ($text || grep { $_->{reason} eq $name } @{$book->{exits}}) {
			push @entries, exit_html($book, $exit, $text);
		} else {
			push @others, element('span', [id => $name], exit_name($exit));
		}
	}
	return { id => 'exit-reasons', title => 'Exit reasons', html => html(@entries ? entries('listed', @entries) : (),
		@others ? paragraph([class => 'also'], 'No chapter has met: ', joined(', ', @others), '.') : ()) };
}

sub error_sections {
	my ($book) = @_;
	return map({ errno_section($book, $_) } errnos($book)), by_call_section($book), exit_section($book);
}

1;
