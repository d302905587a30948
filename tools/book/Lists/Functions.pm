# Writes functions.html, an entry for every function in the book, and names.js.
package Lists::Functions;
use strict;
use warnings;
use Exporter 'import';
use Element qw(element html joined NBSP);
use Lists::Read qw(entries entry paragraph line place_link source_link section_links);
our @EXPORT_OK = qw(functions function_sections names_js);

my %mode_name = (vhe => 'VHE', nvhe => 'nVHE', protected => 'protected', nested => 'nested');

# Readers look a name up without the underscores in front of it.
sub key { return lc($_[0] =~ s/^_+//r) . " $_[0]" }

# Returns the functions that a chapter names or a capture calls, with their places.
sub functions {
	my ($book) = @_;
	return $book->{functions} if $book->{functions};
	my %places;
	$places{$_} = {} for keys %{$book->{calls}};
	for my $place (map { @{$_->{places}} } @{$book->{pages}}) {
		for my $name (keys %{$place->{names}}) {
			$places{$name}{$_} = 1 for keys %{$place->{names}{$name}};
		}
	}
	for my $name (keys %places) {
		my $first = $book->{symbols}{$name};
		$places{$name}{$first} = 1 if $first && ($book->{calls}{$name} || !%{$places{$name}});
	}
	return $book->{functions} = { map { $_ => [sort keys %{$places{$_}}] } keys %places };
}

# Returns the chapters that name a function, and those whose programs call it.
sub chapters_of {
	my ($book, $name) = @_;
	my (@named, @called);
	for my $page (@{$book->{pages}}) {
		push @named, $page if grep { $_->{names}{$name} } @{$page->{places}};
		push @called, $page if $book->{calls}{$name}{$page->{program}};
	}
	return (\@named, \@called);
}

# Returns the mode in which a chapter's program called it, and where you see the
# first call: the page, and the id of a system call there or ''.
sub first_call {
	my ($book, $name, $page) = @_;
	my $modes = $book->{calls}{$name}{$page->{program}};
	my ($mode) = grep { $modes->{$_} } qw(vhe nvhe protected nested);
	my $id = 'tree-' . ($modes->{$mode}{line} =~ s{.*/}{}r);
	return ($mode, $page->{file}, '') if $mode ne 'vhe' || !%{$page->{tree}};
	return ($mode, "$page->{program}-tree.html", $page->{tree}{$id} ? $id : '');
}

# Writes how often a chapter's program called it; the link leads to the first call.
sub count_link {
	my ($book, $name, $page) = @_;
	my ($mode, $file, $id) = first_call($book, $name, $page);
	my $count = $book->{calls}{$name}{$page->{program}}{$mode};
	my $href = $file . ($id ne '' ? "#$id" : '');
	return element('span', [class => 'per'],
		element('a', [href => $href], element('b', $page->{number}), NBSP, '×', NBSP, $count->{calls}),
		$mode eq 'vhe' ? () : " in $mode_name{$mode} mode");
}

# Writes the way from a system call, each step a link to its entry.
sub way_html {
	my ($book, $way) = @_;
	my ($root, @steps) = @$way;
	my $first = $book->{handlers}{$root} ? element('a', [href => "ioctls.html#$root"], $root) : "$root()";
	return joined(' › ', $first, map { element('a', [href => "#$_"], $_) } @steps);
}

sub results_html {
	my ($results) = @_;
	my @all = sort { $results->{$b} <=> $results->{$a} || $a cmp $b } keys %$results;
	my @errors = grep { /^-E/ } @all;
	my @others = grep { !/^-E/ } @all;
	my $more = @others > 4;
	@others = @others[0 .. 2] if $more;
	return joined(', ', (map { element('code', $_) } @others), $more ? '…' : (),
		map { element('a', [href => 'errors.html#' . s/^-//r], element('code', $_)) } @errors);
}

# Writes the places of a function, whose name leads to the first one already.
sub place_html {
	my ($book, $first, @others) = @_;
	return $first ? (' ', element('span', [class => 'loc'], $first =~ s{.*/}{}r), map { (' ', place_link($book, $_)) } @others) : ();
}

sub entry_html {
	my ($book, $name) = @_;
	my @places = @{functions($book)->{$name}};
	my ($named, $called) = chapters_of($book, $name);
	my $code = element('code', "$name()");
	my $callers = $book->{caller}{$name} || {};
	my @callers = sort { $callers->{$b} <=> $callers->{$a} || $a cmp $b } keys %$callers;
	my @ways = map { way_html($book, $_) } @{$book->{path}{$name} || []};
	return entry(element('dt', [id => $name], $places[0] ? source_link($book, $places[0], $code, 'fn') : $code,
			place_html($book, @places)),
		line('Text', section_links($book, sub { $_[0]{names}{$name} })),
		line('Called', joined(' ', map { count_link($book, $name, $_) } @$called)),
		line('From', joined(element('br'), @ways)),
		@callers > 1 ? line('Callers', joined(', ', map { element('a', [href => "#$_"], $_) } @callers)) : (),
		line('Returns', results_html($book->{result}{$name} || {})));
}

# Makes a section of each letter.
sub function_sections {
	my ($book) = @_;
	my (@letters, %entries);
	for my $name (sort { key($a) cmp key($b) } keys %{functions($book)}) {
		my $letter = uc substr key($name), 0, 1;
		push @letters, $letter if !$entries{$letter};
		push @{$entries{$letter}}, entry_html($book, $name);
	}
	return { html => paragraph('The captures have no function.') } if !@letters;
	return map { { id => 'letter-' . lc, title => $_, html => entries('listed', @{$entries{$_}}) } } @letters;
}

# Scripts get 35 for the tree of that line of the chapter's program, 0 for the
# whole capture, and -1 for the chapter if only another mode has the call.
sub call_js {
	my ($book, $name, $page) = @_;
	my ($mode, $file, $id) = first_call($book, $name, $page);
	my ($line) = $id =~ /^tree-\Q$page->{program}\E\.c:(\d+)$/;
	return "$page->{number}:" . ($line // ($file eq $page->{file} ? -1 : 0));
}

# Writes the first section of a chapter that names a function.
sub named_js {
	my ($name, $page) = @_;
	my ($first) = grep { $_->{names}{$name} } @{$page->{places}};
	return "$page->{number}:\"$first->{id}\"";
}

# Writes names.js, in which the pages' scripts look a function up.
sub names_js {
	my ($book) = @_;
	my $all = functions($book);
	my @rows;
	for my $name (sort keys %$all) {
		my ($named, $called) = chapters_of($book, $name);
		my $named_list = join ',', map { named_js($name, $_) } @$named;
		my $called_list = join ',', map { call_js($book, $name, $_) } @$called;
		# The compiler puts dots into the name of its copy of a function.
		push @rows, ($name =~ /^\w+$/ ? $name : "\"$name\"") . ":{place:\"" . ($all->{$name}[0] // '') . "\",chapters:{$named_list},called:{$called_list}}";
	}
	return "// Functions: where each is defined; the chapters that name it, each with the section;\n"
		. "// those whose programs call it, each with the line (0: some line, -1: in another mode).\n"
		. "const NAMES = {\n" . join(",\n", @rows) . "\n};\n"
		. "const CHAPTERS = {" . join(',', map { "$_->{number}:\"$_->{program}\"" } @{$book->{pages}}) . "};\n";
}

1;
