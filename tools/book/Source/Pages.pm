# Makes the pages beside the book, one for each file of the kernel and one with
# all files, and the lines around each place for script/source.js.
package Source::Pages;
use strict;
use warnings;
use Exporter 'import';
use File::Basename qw(basename dirname);
use Chapter qw(chapter_name by_number);
use Element qw(element html joined written);
use Source::Files qw(fail read_file);
use Source::Tree qw(called);
our @EXPORT_OK = qw(read_empty_page file_page index_page excerpts);

# A book here is a hash of the pieces of the empty page (empty), where the source is
# on the web (base), the kernel's version (kernel) and tree (tree), and what the pages
# show: $book->{places}{PATH}{LINE} = 1, and
# $book->{shown}{PATH}{LINE}{CHAPTER} = [link, its title].

# source.md and source.yaml put these marks into template.html.
my @marks = qw(UP HERE CONTENTS TITLE BODY FOOT);

# Returns the pieces of the empty page: text and marks in turn.
sub read_empty_page {
	my ($path) = @_;
	my @pieces = split /SOURCE-([A-Z]+)/, read_file($path), -1;
	my %is = map { $pieces[2 * $_ + 1] => 1 } 0 .. $#pieces / 2 - 1;
	for (@marks) {
		$is{$_} or fail("$path: an empty page must hold SOURCE-$_: see tools/book/template.html and source.yaml");
	}
	return \@pieces;
}

# Fills the page in: each mark becomes a text or HTML.
sub filled {
	my ($pieces, %with) = @_;
	return join '', map { $_ % 2 ? written(html($with{lc $pieces->[$_]} // fail("SOURCE-$pieces->[$_]: no such mark"))) : $pieces->[$_] } 0 .. $#$pieces;
}

sub page {
	my ($book, %with) = @_;
	return filled($book->{empty}, %with, up => '../' x ($with{here} =~ tr{/}{}));
}

sub plural {
	my ($count, $what) = @_;
	return "$count $what" . ($count == 1 ? '' : 's');
}

# Writes "In chapters 4, 7" above a definition that those chapters show.
sub back {
	my ($chapters) = @_;
	my @links = map {
		my ($link, $title) = @{$chapters->{$_}};
		element('a', [class => $link =~ /-tree\.html/ ? 'whole-capture' : undef, href => $link, title => chapter_name($_) . ": $title"], $_)
	} sort { by_number($a, $b) } keys %$chapters;
	my $in = grep({ /\d/ } keys %$chapters) ? @links == 1 ? 'In chapter ' : 'In chapters ' : 'In appendix ';
	return element('span', [class => 'shown'], $in, joined(' ', @links));
}

# Lists the definitions that a chapter's own page shows, for beside the text.
sub contents {
	my ($book, $path, $here) = @_;
	my $shown = $book->{shown}{$path} // {};
	my @items;
	for my $line (sort { $a <=> $b } keys %$shown) {
		my $d = $book->{tree}->definition($path, $line);
		next if !$d || !grep { $_->[0] !~ /-tree\.html/ } values %{$shown->{$line}};
		push @items, element('li', element('a', [href => "$here#L$line"], element('code', called($d)))), "\n";
	}
	return @items ? html(element('p', 'In the chapters'), "\n", element('ul', "\n", @items)) : '';
}

# Writes the lines of a file, each with its number, and above a definition the
# chapters that show it.
sub listing {
	my ($shown, $lines) = @_;
	my @code = map {
		($shown->{$_} ? back($shown->{$_}) : (), element('span', [class => 'line', id => "L$_", 'data-n' => $_], $lines->[$_ - 1], "\n"))
	} 1 .. @$lines;
	return element('figure', [class => 'listing'], element('pre', [tabindex => 0], element('code', @code)));
}

sub about_file {
	return html(element('p', [class => 'about-file'], @_), "\n");
}

sub file_page {
	my ($book, $path, $lines) = @_;
	my $here = "source/$path.html";
	my $shown = $book->{shown}{$path} // {};
	my $about = about_file(element('a', [href => 'source/index.html'], "Linux $book->{kernel}"), ', ', plural(scalar @$lines, 'line'), '.',
		%$shown ? ' Above what the book shows stand the numbers of the chapters, in gray where only the capture of the whole program has it.' : ());
	return page($book, here => $here, title => $path, contents => contents($book, $path, $here), body => html($about, listing($shown, $lines)),
		foot => html("This file is part of Linux $book->{kernel}, under ", $book->{tree}->license($path),
			"; it is not under the book's license. ", element('a', [href => "$book->{base}$path"], 'The same file on the web'), '.'));
}

# Writes a file in the list of all, with how much of it the book shows.
sub file_item {
	my ($book, $path) = @_;
	my $count = keys %{$book->{shown}{$path} // {}};
	return html(element('li', element('a', [href => "source/$path.html"], element('code', basename $path)),
		$count ? (' ', element('span', [class => 'loc'], plural($count, 'place'))) : ()), "\n");
}

sub index_page {
	my ($book) = @_;
	my %in;
	push @{$in{dirname $_}}, $_ for sort keys %{$book->{places}};
	my @folders = map {
		html(element('h2', $_), "\n", element('ul', [class => 'files'], "\n", map { file_item($book, $_) } @{$in{$_}}))
	} sort keys %in;
	return page($book, here => 'source/index.html', title => 'The kernel’s files', contents => '',
		body => html(about_file("The files of Linux $book->{kernel} that this book leads to, and in how many places of each."), joined("\n", @folders)),
		foot => "Linux is under GPL-2.0, and not under the book's license: this copy of the book must not be published as CC BY-SA.");
}

# --- The lines around each place.

sub quoted {
	my ($text) = @_;
	$text =~ s/([\\"])/\\$1/g;
	$text =~ s/\t/\\t/g;
	return "\"$text\"";
}

# A definition is shown from its first line on; any other place stands in the middle
# of its lines.  The line above a function's name may hold its type, but one that
# ends with / ends a comment.
sub around {
	my ($book, $path, $line, $lines) = @_;
	my $d = $book->{tree}->definition($path, $line);
	my ($first, $last, $from, $to) = ($line - 4, $line + 4, 1, scalar @$lines);
	if ($d) {
		($from, $to) = ($d->{line}, $d->{end});
		$from-- if $from > 1 && $lines->[$from - 2] =~ /^\S.*[\w>*"]$/;
		($first, $last) = ($from, $from + 11) if $line == $d->{line};
	}
	return ($first < $from ? $from : $first, $last > $to ? $to : $last, $d);
}

sub excerpts {
	my ($book, $path, $lines) = @_;
	my (@places, %wanted);
	my @text = split /\n/, $book->{tree}->text($path);
	for my $line (sort { $a <=> $b } grep { $_ } keys %{$book->{places}{$path}}) {
		my ($first, $last, $d) = around($book, $path, $line, \@text);
		push @places, "$line: [$first, $last" . ($d ? ', ' . quoted(called($d)) : '') . ']';
		$wanted{$_} = 1 for $first .. $last;
	}
	return "(window.SOURCE ??= {})[" . quoted($path) . "] = {\nlicense: " . quoted($book->{tree}->license($path)) . ",\nplaces: {\n"
		. join(",\n", @places) . "\n},\nlines: {\n"
		. join(",\n", map { "$_: " . quoted(written($lines->[$_ - 1])) } sort { $a <=> $b } keys %wanted) . "\n} };\n";
}

1;
