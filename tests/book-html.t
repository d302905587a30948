#!/usr/bin/perl
# Tries the modules that read, change and write HTML for the book's tools, on
# small pages: Html.pm, Element.pm, and those of lists and source-pages.
# tests/book-linux.t builds whole books.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;
my $tools;
BEGIN { $tools = dirname(abs_path($0)) . '/../tools/book' }
use lib $tools;

if (!eval { require HTML::Parser } && (system("$tools/../need libhtml-parser-perl >&2") || !eval { require HTML::Parser })) {
	print "Bail out!  no HTML::Parser (libhtml-parser-perl)\n";
	exit 1;
}
require Element;
Element->import(qw(element html joined written as_is));
require Html;
require Lists::Errors;
require Source::Links;
require Source::Pages;
require Source::Tree;

my $tmp = tempdir(CLEANUP => 1);
sub put {
	my ($name, $text) = @_;
	open my $out, '>', "$tmp/$name" or die;
	print $out $text;
	close $out;
}

# --- Html.pm

is(Html::edited('abcdef', [1, 2, 'X'], [3, 0, '-'], [5, 1, '']), 'aX-de', 'pieces are replaced, inserted and removed');
is(Html::edited('abc'), 'abc', 'without an edit everything stays');

my $page = "<p>\xe2\x80\x99</p>\n<a data-href=\"no\" CLASS=x\n rel=href HREF='y&amp;z' id>t</a>";
my $tag = index $page, '<a';
sub piece {
	my ($at, $length) = Html::place_of($page, $tag, @_);
	return defined $at ? substr $page, $at, $length : undef;
}
is(piece('href'), "'y&amp;z'", 'a value has its place, in bytes, quotes included');
is(piece('class'), 'x', '... without quotes, too');
is(piece('title'), undef, 'a value that is not there has none');
is_deeply([Html::place_of('<a><b id="x">', 0, 'id')], [], '... and is not that of another tag');

is_deeply(Html::ids_in(q{<p id="a" data-id="b">id="c" <i id='d'></i><!-- <b id="e"> --><b id=a></b><b id=0>}), { a => 2, d => 1, 0 => 1 },
	'ids are those of tags, not of texts, comments and other attributes');
is_deeply(Html::ids_in(qq{<p id="\xc3\xbc"><p id="&uuml;"><script>'<b id="x">'</script>}), { "\xc3\xbc" => 2 }, '... as bytes, and not those in scripts');

sub edges { return Html::with_edges($_[0], sub { "[$_[0]|" }, sub { "|$_[0]]" }) }
is(edges('a <b>c</b> d'), '[a |<b>c</b>| d]', 'both edges of a text');
is(edges('a'), '|[a|]', 'a text alone is both');
is(edges('<b>c</b> d'), '<b>c</b>| d]', 'a tag at the beginning stays');
is(edges('a <b>c</b>'), '[a |<b>c</b>', '... and at the end');
is(edges('<i class="x" >a &lt; b</i >'), '<i class="x" >a &lt; b</i >', '... as it was written');
is(edges('1 < 2 & <b>c</b> 3 < 4 &'), '[1 < 2 & |<b>c</b>| 3 < 4 &]', 'an edge is all of its text');
is(edges(''), '', 'nothing has no edge');

# --- Element.pm

is(Element::html_escape(qq{a&b "c" <d> '\xc3\xbc'}), qq{a&amp;b &quot;c&quot; &lt;d&gt; '\xc3\xbc'}, 'what HTML means otherwise is escaped, and nothing else');
is(written(element('a', [href => 'x?a&b', title => undef, class => '"c"', hidden => '', n => 0], '1 < 2', element('br'), as_is('<i>&amp;</i>'))),
	'<a href="x?a&amp;b" class="&quot;c&quot;" hidden n="0">1 &lt; 2<br><i>&amp;</i></a>', 'texts and values are escaped, pieces are not, and attributes keep their order');
is(written(element('p')), '<p></p>', 'an element with nothing in it has its end');
is(written(html('a&', element('b', '0'), 'c')), 'a&amp;<b>0</b>c', 'several pieces are one');
is(written(joined(' < ', 'a', element('b', 'c'), 'd')), 'a &lt; <b>c</b> &lt; d', '... with a text between each two');
is(written(joined(element('br'), 'a', 'b')), 'a<br>b', '... or an element');
is(written(joined(', ')), '', 'of no pieces there is nothing');
ok(!html('', joined(', ')) && html('0') && element('p'), 'a piece is true if there is anything in it');
ok(!eval { my $text = '' . element('p'); 1 } && $@ =~ /is no string/, 'a piece in a string, which would be escaped again, is refused');
is_deeply([Element::tags('span', [class => 'x"y'])], ['<span class="x&quot;y">', '</span>'], 'the tags alone, for long loops');

# --- filters/element.lua, which does the same for the filters, and filters/svg.lua

my $lua = `cd $tools/../.. && BOOK_KERNEL=6.0 pandoc -f markdown -t plain -o /dev/null -L tests/book/element.lua </dev/null 2>&1`;
is_deeply([split /\n/, $lua], [
	'<a href="x?a&amp;b" class="&quot;c&quot;" hidden n="0">1 &lt; 2<i>&amp;</i>3</a>',
	'<p></p>',
	'<p>&lt;b&gt;<b>0</b></p>',
	'a&amp;<b>c</b>',
	'a',
	'<figure class="x">|</figure>',
	'true a piece of HTML is no string: element.html() puts pieces together',
	'0 RawBlock <figcaption> Para RawBlock </figcaption>',
	'RawBlock html <p>&amp;</p> RawInline html <b>&amp;</b>',
	'<B>a<BR/><HR CLASS="x"/></B>',
	'<text fill="currentColor" text-anchor="middle" x="1.0" y="2.2" font-size="11">a &lt; b</text>',
	'<text class="code" fill="currentColor" text-anchor="end" x="-1.0" y="0.5" font-size="11">&amp;</text>',
	'<polygon fill="none" stroke="currentColor" points="1.0,2.5 11.0,2.5 11.0,22.5 1.0,22.5"/>',
	'<polygon fill="none" stroke="currentColor" stroke-dasharray="5,2" points="0.0,0.0 1.0,0.0 1.0,1.0 0.0,1.0"/>',
	'<svg role="img" aria-label="&quot;a&quot;" viewBox="0 0 100 51" style="--width:6.25rem">',
	'<g class="edge">', '<path fill="none" stroke="currentColor" d="M1.0,2.0 L3.0,4.0"/>', '</g>', '</svg>',
], 'in filters, too, texts and values are escaped and pieces are not');

# Whoever writes a tag as a text may forget to escape what stands in it.
sub tags_in {
	my ($path) = @_;
	open my $in, '<', $path or die "$path: $!";
	my @lines = grep { !/^\s*(?:#|--)/ && m{</?[a-zA-Z][a-zA-Z0-9]*(?:[ >$'".]|\z)} } <$in>;
	return map { "$path: $_" } @lines;
}
put('tags', join "\n", q{print "<p>$x";}, q{# <p>}, q{my $a = '</a>'; # a}, q{while (<$in>) { $a <=> $b }}, q{'<a href="' . $x}, q{s/<b>//});
is_deeply([map { /: (.*)/ } tags_in("$tmp/tags")], [q{print "<p>$x";}, q{my $a = '</a>'; # a}, q{'<a href="' . $x}, q{s/<b>//}], 'tags in strings and patterns are found');
sub first_line { open my $in, '<', $_[0] or die; return <$in> // '' }
my @perl = grep { -f && (/\.pm$/ || first_line($_) =~ /perl/) } glob("$tools/* $tools/*/*");
cmp_ok(scalar @perl, '>', 10, 'the tools in Perl');
is_deeply([grep { !m{/Element\.pm: } } map { tags_in($_) } @perl], [], '... but for Element.pm, none of them writes a tag or looks for one in a string');
my @python = ((grep { -f && first_line($_) =~ /python/ } glob("$tools/*")), "$tools/editions/make-epub", "$tools/editions/make-pdf", "$tools/editions/files.py");
is_deeply([map { tags_in($_) } @python], [], '... nor do those in Python, ' . join ', ', map { s{.*/}{}r } @python);
my @lua = glob("$tools/filters/*.lua");
cmp_ok(scalar @lua, '>', 30, 'filters');
is_deeply([map { tags_in($_) } @lua], [], '... of which none writes a tag: element.lua does');

# --- Lists/Errors.pm

sub entry { return written(Lists::Errors::entry_html('EINVAL', { page => { number => 4, file => '04.html' }, id => 'w', title => $_[0], html => $_[1] })) }
is(entry('a wrong x.', ': it <code>c:</code> fails:'), qq{<dt><a href="04.html#w">A wrong x</a> <span class="per">chapter 4</span></dt>\n<dd>It <code>c:</code> fails.</dd>\n},
	'what follows the head of an entry becomes a sentence');
is(entry('EINVAL: a < b', '<i>x</i>: <code>y</code>'), qq{<dt><a href="04.html#w">A &lt; b</a> <span class="per">chapter 4</span></dt>\n<dd><i>x</i>: <code>y</code></dd>\n},
	'... and what begins and ends with a tag stays');
is(entry('EINVAL', 'x<i>y</i>. z:'), qq{<dt><a href="04.html#w">Chapter 4</a></dt>\n<dd>x<i>y</i>. z.</dd>\n}, '... as does half a word');

# --- Source/Tree.pm

put('a.c', "// SPDX-License-Identifier: MIT\nstatic int\none(void)\n{\n\treturn \"<\";\n}\n/* two */\ntwo()\n{ }\n");
put('symbols', join '', map { "$_\n" } "name\tkind\tpath\tline\tend", "one\tfunction\ta.c\t3\t6", "in\tstruct\ta.c\t4\t5",
	"two\tfunction\ta.c\t8\t9", "E\tenumerator\ta.c\t5\t5", "v\tvariable\ta.c\t1\t");
my $tree = Source::Tree->new($tmp, "$tmp/symbols");
is($tree->count_lines('a.c'), 9, 'the lines of a file are counted');
is($tree->count_lines('b.c'), undef, '... of none, not');
is_deeply([map { $tree->defining_line('a.c', $_) } 1 .. 9], [1, 2, 3, 4, 4, 3, 7, 8, 8], 'a line is in the innermost definition');
is_deeply([map { Source::Tree::called($_) } map { { name => $_->[0], kind => $_->[1] } } ['f', 'function'], ['s', 'struct'],
	['__anon1', 'union'], ['M', 'macro'], ['__anon2', 'struct']],
	['f()', 'struct s', 'union without a name', 'M', 'struct without a name'], 'definitions have names for readers');
is($tree->license('a.c'), 'MIT', 'the license of a file');
is($tree->license('b.c'), 'GPL-2.0', '... without a word of its own');

# --- Source/Links.pm

my $base = 'https://web/source/';
my $foot = qq{\n<footer class="foot">\n<p>Foot.</p>\n</footer>\n};
my @refused;
sub here {
	my ($html) = @_;
	@refused = ();
	return Source::Links::to_here($html, $base, $tree, sub { push @refused, "@_" });
}
my $web = qq{<p><span class="beside">s</span>\n<a class='x' href="${base}a.c#L9" title="a>b">l</a>\n<A HREF="${base}a.c">f</A> <a id="n">n</a></p>$foot};
my $here = here($web);
is($here, qq{<p><span class="beside">s</span>\n<a class='x' href="source/a.c.html#L9" title="a>b">l</a>\n<A HREF="source/a.c.html">f</A> <a id="n">n</a></p>}
	. qq{\n<footer class="foot">\n<p>Foot. <span class="beside">The <a href="source/index.html">kernel's files</a> beside it are under GPL-2.0; }
	. qq{this copy must not be published under the book's license.</span></p>\n</footer>\n}, 'links lead to the pages beside it, and the foot says so');
is(here($here), $here, 'a second time nothing changes');
is(Source::Links::to_web($here, $base), $web, 'and back again, to the byte');
is(Source::Links::to_web($web, $base), $web, 'what leads to the web stays');
my $others = qq{<a href="b.html#L1">b</a> <a href="x/source/a.c.html">x</a> <link href="${base}a.c"> &lt;a href="${base}a.c"> <!-- <a href="${base}a.c"> -->};
is(Source::Links::to_web('<a href="x/source/a.c.html">x</a>', $base), '<a href="x/source/a.c.html">x</a>', '... and so does what leads elsewhere');
is(here($others), $others, 'only links are changed, and only those into the source');
my $fragment = qq{<a href="${base}a.c#top">b</a>};
is(here($fragment), $fragment, 'a link to something else than a line stays on the web');
my $bad = qq{<p>\n<a\nhref="${base}a.c#L10">l</a>\n<a href="${base}b.c">b</a></p>};
is(here($bad), $bad, 'a link to what is not there stays');
is_deeply(\@refused, ['2 a.c has 9 lines, and no line 10', "4 there is no b.c in $tmp"], '... and is refused, with its line');

sub links {
	return join ' | ', map { "$_->{path}:$_->{line} " . ($_->{chapter} // '-') . " $_->{link} ($_->{title})" } Source::Links::links_of(@_);
}
my $text = '<a href="source/a.c.html#L3">a</a><h2 id="s"><a href="#s" class="self">Of <code>x</code> &amp; y</a></h2><a href="source/a.c.html">b</a>'
	. '<a href="source/index.html">i</a><a href="#t" class="self">no</a><b id="tree-x"></b><a href="source/b.c.html#L1">c</a>';
is(links('04-x.html', $text), 'a.c:3 4 04-x.html#main-text (the beginning) | a.c:0 4 04-x.html#s (Of x & y) | b.c:1 4 04-x.html#s (Of x & y)',
	'links of a chapter are below its headings');
is(links('04-x-tree.html', $text), 'a.c:3 4 04-x-tree.html#main-text (the whole capture) | a.c:0 4 04-x-tree.html#main-text (the whole capture) | b.c:1 4 04-x-tree.html#tree-x (the whole capture)',
	'links of a capture are below the lines of the program');
is(links('index.html', '<a href="source/a.c.html">b</a>'), 'a.c:0 - index.html#main-text (the beginning)', 'a page that is no chapter');
is(links('04-x.html', '<section class="evidences"><a href="source/a.c.html">b</a>'), 'a.c:0 - 04-x.html#main-text (the beginning)',
	'what all chapters share is none');
is(links('04-x.html', '<h4><a href="#s" class="self">T</a></h4><a href="source/a.c.html">b</a>'), 'a.c:0 4 04-x.html#main-text (the beginning)',
	'small headings are no places');

# --- Source/Pages.pm

put('empty', "SOURCE-UP,SOURCE-HERE,SOURCE-TITLE/SOURCE-TITLE\n<SOURCE-CONTENTS>SOURCE-BODY SOURCE-FOOT\n");
my $book = { base => $base, kernel => '6.0', tree => $tree, empty => Source::Pages::read_empty_page("$tmp/empty"),
	places => { 'a.c' => { 3 => 1, 5 => 1, 8 => 1, 0 => 1 }, 'd/SOURCE-TITLE.c' => { 0 => 1 } },
	shown => { 'a.c' => { 3 => { 10 => ['10-x.html#s', 'T'], 4 => ['04-x-tree.html#t', 'U'] }, 8 => { 5 => ['05-x-tree.html', 'V'] } } } };
my $file = Source::Pages::file_page($book, 'a.c', ['', as_is('<b>x</b>'), '<']);
like($file, qr{^\.\./,source/a\.c\.html,a\.c/a\.c\n<<p>In the chapters</p>\n<ul>\n<li><a href="source/a\.c\.html\#L3"><code>one\(\)</code></a></li>\n</ul>>}, 'the empty page is filled');
like($file, qr{, 3 lines\. Above .*<span class="shown">In chapters <a class="whole-capture" href="04-x-tree\.html\#t" title="chapter 4: U">4</a> <a href="10-x\.html\#s" title="chapter 10: T">10</a></span><span class="line" id="L3"}s,
	'above a definition are the chapters that show it, in order');
like($file, qr{under MIT; .* <a href="https://web/source/a\.c">The same file}, '... and at the foot is the license');
like($file, qr{data-n="2"><b>x</b>\n</span><.*<span class="line" id="L3" data-n="3">&lt;\n</span></code></pre></figure>}s, '... each line has its number');
my $index = Source::Pages::index_page($book);
like($index, qr{^\.\./,source/index\.html,The kernel}, 'the list of files');
like($index, qr{<h2>\.</h2>\n<ul class="files">\n<li><a href="source/a\.c\.html"><code>a\.c</code></a> <span class="loc">2 places</span></li>\n</ul>\n<h2>d</h2>\n}, '... by folder, with the places of each');
like($index, qr{<code>SOURCE-TITLE\.c</code></a></li>\n</ul>}, '... and what looks like a mark in a name is none');
my $data = Source::Pages::excerpts($book, 'a.c', [map { as_is("l$_") } 1 .. 9]);
like($data, qr{\nplaces: \{\n3: \[2, 6, "one\(\)"\],\n5: \[4, 5, "struct in"\],\n8: \[8, 9, "two\(\)"\]\n\},}, 'a definition begins with its type, but not with a comment');
like($data, qr{lines: \{\n2: "l2",\n3: "l3",\n4: "l4",\n5: "l5",\n6: "l6",\n8: "l8",\n9: "l9"\n\}}, 'the lines are those of the places');
for my $mark (qw(UP HERE CONTENTS TITLE BODY FOOT)) {
	put('broken', join ' ', map { "SOURCE-$_" } grep { $_ ne $mark } qw(UP HERE CONTENTS TITLE BODY FOOT));
	my $said = `$^X -I$tools -MSource::Pages -e 'Source::Pages::read_empty_page(shift)' $tmp/broken 2>&1`;
	is("$? $said", "256 $tmp/broken: an empty page must hold SOURCE-$mark: see tools/book/template.html and source.yaml\n", "an empty page without SOURCE-$mark is refused");
}
done_testing();
