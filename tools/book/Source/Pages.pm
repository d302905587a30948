# The pages beside the book: one for each file of the kernel, one with all files,
# and the lines around each place for script/source.js.
package Source::Pages;
use strict;
use warnings;
use Exporter 'import';
use File::Basename qw(basename dirname);
use Source::Files qw(fail read_file);
use Source::Tree qw(called);
our @EXPORT_OK = qw(read_empty_page file_page index_page excerpts);

# A book here is a hash: what the empty page is made of (empty), where the source
# is on the web (base), the kernel's version (kernel) and tree (tree), and what the
# pages show: $book->{places}{PATH}{LINE} = 1, and
# $book->{shown}{PATH}{LINE}{CHAPTER} = [link, its title].

# The marks that source.md and source.yaml put into template.html.
my @marks = qw(UP HERE CONTENTS TITLE BODY FOOT);

# The pieces of the empty page: text and marks in turn.
sub read_empty_page {
	my ($path) = @_;
	my @pieces = split /SOURCE-([A-Z]+)/, read_file($path), -1;
	my %is = map { $pieces[2 * $_ + 1] => 1 } 0 .. $#pieces / 2 - 1;
	for (@marks) {
		$is{$_} or fail("$path: an empty page must hold SOURCE-$_: see tools/book/template.html and source.yaml");
	}
	return \@pieces;
}

sub filled {
	my ($pieces, %with) = @_;
	return join '', map { $_ % 2 ? $with{lc $pieces->[$_]} // fail("SOURCE-$pieces->[$_]: no such mark") : $pieces->[$_] } 0 .. $#$pieces;
}

sub page {
	my ($book, %with) = @_;
	return filled($book->{empty}, %with, up => '../' x ($with{here} =~ tr{/}{}));
}

sub plural {
	my ($count, $what) = @_;
	return "$count $what" . ($count == 1 ? '' : 's');
}

# "In chapters 4, 7": what shows the definition that begins at a line.
sub back {
	my ($chapters) = @_;
	my @links = map {
		my ($link, $title) = @{$chapters->{$_}};
		sprintf '<a%s href="%s" title="chapter %d: %s">%d</a>', $link =~ /-tree\.html/ ? ' class="whole-capture"' : '', $link, $_, $title, $_
	} sort { $a <=> $b } keys %$chapters;
	return '<span class="shown">In ' . (@links == 1 ? 'chapter ' : 'chapters ') . join(' ', @links) . '</span>';
}

# The definitions that a chapter's own page shows, for the list beside the text.
sub contents {
	my ($book, $path, $here) = @_;
	my $shown = $book->{shown}{$path} // {};
	my @items;
	for my $line (sort { $a <=> $b } keys %$shown) {
		my $d = $book->{tree}->definition($path, $line);
		next if !$d || !grep { $_->[0] !~ /-tree\.html/ } values %{$shown->{$line}};
		push @items, "<li><a href=\"$here#L$line\"><code>" . called($d) . '</code></a></li>';
	}
	return @items ? "<p>In the chapters</p>\n<ul>\n" . join("\n", @items) . "\n</ul>" : '';
}

sub file_page {
	my ($book, $path, $lines) = @_;
	my $here = "source/$path.html";
	my $shown = $book->{shown}{$path} // {};
	my $code = '';
	for my $number (1 .. @$lines) {
		$code .= back($shown->{$number}) if $shown->{$number};
		$code .= "<span class=\"line\" id=\"L$number\" data-n=\"$number\">$lines->[$number - 1]\n</span>";
	}
	my $body = "<p class=\"about-file\"><a href=\"source/index.html\">Linux $book->{kernel}</a>, " . plural(scalar @$lines, 'line')
		. (%$shown ? '. Above what the book shows stand the numbers of the chapters, in gray where only the capture of the whole program has it.' : '.') . "</p>\n"
		. "<figure class=\"listing\"><pre tabindex=\"0\"><code>$code</code></pre></figure>";
	return page($book, here => $here, title => $path, contents => contents($book, $path, $here), body => $body,
		foot => "This file is part of Linux $book->{kernel}, under " . $book->{tree}->license($path)
			. '; it is not under the book\'s license. <a href="' . "$book->{base}$path" . '">The same file on the web</a>.');
}

sub index_page {
	my ($book) = @_;
	my ($body, $dir) = ('', '');
	for my $path (sort { dirname($a) cmp dirname($b) || $a cmp $b } keys %{$book->{places}}) {
		my $name = basename $path;
		if (dirname($path) ne $dir) {
			$body .= "</ul>\n" if $dir ne '';
			$dir = dirname $path;
			$body .= "<h2>$dir</h2>\n<ul class=\"files\">\n";
		}
		my $count = keys %{$book->{shown}{$path} // {}};
		$body .= "<li><a href=\"source/$path.html\"><code>$name</code></a>" . ($count ? " <span class=\"loc\">" . plural($count, 'place') . '</span>' : '') . "</li>\n";
	}
	return page($book, here => 'source/index.html', title => 'The kernel’s files', contents => '',
		body => "<p class=\"about-file\">The files of Linux $book->{kernel} that this book leads to, and in how many places of each.</p>\n$body</ul>",
		foot => "Linux is under GPL-2.0, and not under the book's license: this copy of the book must not be published as CC BY-SA.");
}

# --- The lines around each place.

sub quoted {
	my ($text) = @_;
	$text =~ s/([\\"])/\\$1/g;
	$text =~ s/\t/\\t/g;
	return "\"$text\"";
}

# A definition is shown from its first line on, any other place in the middle.  The
# line above a function's name may hold its type; a comment's last line ends with /.
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
		. join(",\n", map { "$_: " . quoted($lines->[$_ - 1]) } sort { $a <=> $b } keys %wanted) . "\n} };\n";
}

1;
