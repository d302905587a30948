# functions.html, and names.js: every function that the book has.
package Lists::Functions;
use strict;
use warnings;
use Exporter 'import';
use Html qw(html_escape);
use Lists::Read qw(place_link source_link section_links);
our @EXPORT_OK = qw(functions function_sections names_js);

my %mode_name = (vhe => 'VHE', nvhe => 'nVHE', protected => 'protected');

# Names without the underscores in front, as one looks them up.
sub key { return lc($_[0] =~ s/^_+//r) . " $_[0]" }

# Every function: named by a chapter, or called in a capture.
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

# The chapters that name a function, and those whose programs call it.
sub chapters_of {
	my ($book, $name) = @_;
	my (@named, @called);
	for my $page (@{$book->{pages}}) {
		push @named, $page if grep { $_->{names}{$name} } @{$page->{places}};
		push @called, $page if $book->{calls}{$name}{$page->{program}};
	}
	return (\@named, \@called);
}

# The mode in which a chapter's program called it, and where a reader sees the
# first call: the page, and the id of a system call there, which may be ''.
sub first_call {
	my ($book, $name, $page) = @_;
	my $modes = $book->{calls}{$name}{$page->{program}};
	my ($mode) = grep { $modes->{$_} } qw(vhe nvhe protected);
	my $id = 'tree-' . ($modes->{$mode}{line} =~ s{.*/}{}r);
	return ($mode, $page->{file}, '') if $mode ne 'vhe' || !%{$page->{tree}};
	return ($mode, "$page->{program}-tree.html", $page->{tree}{$id} ? $id : '');
}

# How often a chapter's program called it, with a link to the first time.
sub count_link {
	my ($book, $name, $page) = @_;
	my ($mode, $file, $id) = first_call($book, $name, $page);
	my $count = $book->{calls}{$name}{$page->{program}}{$mode};
	my $href = $file . ($id ne '' ? "#$id" : '');
	my $in = $mode eq 'vhe' ? '' : " in $mode_name{$mode} mode";
	return "<span class=\"per\"><a href=\"$href\"><b>$page->{number}</b>&nbsp;×&nbsp;$count->{calls}</a>$in</span>";
}

# The way from a system call, each step a link to its own entry.
sub way_html {
	my ($book, $way, $name) = @_;
	my ($root, @steps) = @$way;
	my $first = $book->{handlers}{$root} ? "<a href=\"ioctls.html#$root\">$root</a>" : html_escape($root) . '()';
	return join ' › ', $first, (map { "<a href=\"#$_\">$_</a>" } @steps);
}

sub results_html {
	my ($results) = @_;
	my @all = sort { $results->{$b} <=> $results->{$a} || $a cmp $b } keys %$results;
	my @errors = grep { /^-E/ } @all;
	my @others = grep { !/^-E/ } @all;
	my $more = @others > 4;
	@others = @others[0 .. 2] if $more;
	return join ', ', (map { '<code>' . html_escape($_) . '</code>' } @others), $more ? '…' : (),
		map { my $errno = s/^-//r; "<a href=\"errors.html#$errno\"><code>$_</code></a>" } @errors;
}

sub line { return $_[1] eq '' ? '' : "<dd><span class=\"label\">$_[0]</span> $_[1]</dd>\n" }

sub entry_html {
	my ($book, $name) = @_;
	my @places = @{functions($book)->{$name}};
	my ($named, $called) = chapters_of($book, $name);
	my $code = "<code>$name()</code>";
	my @callers = sort { $book->{caller}{$name}{$b} <=> $book->{caller}{$name}{$a} || $a cmp $b } keys %{$book->{caller}{$name} || {}};
	my @ways = map { way_html($book, $_, $name) } @{$book->{path}{$name} || []};
	return "<dt id=\"$name\">" . ($places[0] ? source_link($book, $places[0], $code, 'fn') : $code)
		. join('', map { ' ' . place_link($book, $_) } @places) . "</dt>\n"
		. line('Text', section_links($book, sub { $_[0]{names}{$name} }))
		. line('Called', join ' ', map { count_link($book, $name, $_) } @$called)
		. line('From', join '<br>', @ways)
		. (@callers > 1 ? line('Callers', join ', ', map { "<a href=\"#$_\">$_</a>" } @callers) : '')
		. line('Returns', results_html($book->{result}{$name} || {}));
}

# Grouped by letter; the headings are pandoc's, see filters/lists.lua.
# A section for each letter.
sub function_sections {
	my ($book) = @_;
	my @sections;
	for my $name (sort { key($a) cmp key($b) } keys %{functions($book)}) {
		my $first = uc substr key($name), 0, 1;
		push @sections, { id => 'letter-' . lc $first, title => $first, html => "<dl class=\"listed\">\n" }
			if !@sections || $sections[-1]{title} ne $first;
		$sections[-1]{html} .= entry_html($book, $name);
	}
	$_->{html} .= "</dl>\n" for @sections;
	return @sections ? @sections : { html => "<p>The captures have no function.</p>\n" };
}

# For scripts: 35 for the tree of that line of the chapter's program, 0 for the
# whole capture, -1 for the chapter, where only another mode has the call.
sub call_js {
	my ($book, $name, $page) = @_;
	my ($mode, $file, $id) = first_call($book, $name, $page);
	my ($line) = $id =~ /^tree-\Q$page->{program}\E\.c:(\d+)$/;
	return "$page->{number}:" . ($line // ($file eq $page->{file} ? -1 : 0));
}

# The first section of a chapter that names a function.
sub named_js {
	my ($name, $page) = @_;
	my ($first) = grep { $_->{names}{$name} } @{$page->{places}};
	return "$page->{number}:\"$first->{id}\"";
}

# A small map for the page's scripts.
sub names_js {
	my ($book) = @_;
	my $all = functions($book);
	my @rows;
	for my $name (sort keys %$all) {
		my ($named, $called) = chapters_of($book, $name);
		my $named_list = join ',', map { named_js($name, $_) } @$named;
		my $called_list = join ',', map { call_js($book, $name, $_) } @$called;
		# The compiler's copy of a function has a name with dots.
		push @rows, ($name =~ /^\w+$/ ? $name : "\"$name\"") . ":{place:\"" . ($all->{$name}[0] // '') . "\",chapters:{$named_list},called:{$called_list}}";
	}
	return "// Functions: where each is defined; the chapters that name it, each with the section;\n"
		. "// those whose programs call it, each with the line (0: some line, -1: in another mode).\n"
		. "const NAMES = {\n" . join(",\n", @rows) . "\n};\n"
		. "const CHAPTERS = {" . join(',', map { "$_->{number}:\"$_->{program}\"" } @{$book->{pages}}) . "};\n";
}

1;
