# Leads the links into the kernel's source from the web to the pages beside the book,
# and back again.
package Source::Links;
use strict;
use warnings;
use Exporter 'import';
use Element qw(element written html_escape);
use Html qw(read_html edited value_place);
our @EXPORT_OK = qw(to_web to_here links_of);

my $said = ' ' . written(element('span', [class => 'beside'], 'The ', element('a', [href => 'source/index.html'], "kernel's files"),
	" beside it are under GPL-2.0; this copy must not be published under the book's license."));

# Gives each link of a page to CHANGE, as (href, offset), which returns the new
# href or undef.  The foot of the page says NOTE instead of what it said.
sub changed {
	my ($html, $note, $change) = @_;
	my (@edits, $foot, $beside, $paragraph_end);
	my $start = sub {
		my ($tag, $attr, $offset, $text, $places) = @_;
		if ($tag eq 'a') {
			return if defined $beside || !defined $attr->{href};
			my $href = $change->($attr->{href}, $offset) // return;
			push @edits, [value_place('href', $offset, $text, $places), '"' . html_escape($href) . '"'];
		} elsif ($tag eq 'footer') {
			$foot = 1;
		} elsif ($foot && $tag eq 'span' && ($attr->{class} // '') eq 'beside') {
			# We put a space before it, which goes, too.
			$beside = $offset - 1;
		}
	};
	my $end = sub {
		my ($tag, $offset, $offset_end) = @_;
		return if !$foot;
		if ($tag eq 'span' && defined $beside) {
			push @edits, [$beside, $offset_end - $beside, ''];
			$beside = undef;
		} elsif ($tag eq 'p') {
			$paragraph_end = $offset;
		} elsif ($tag eq 'footer') {
			push @edits, [$paragraph_end, 0, $note] if defined $paragraph_end;
			$foot = 0;
		}
	};
	read_html($html, start => [$start, 'tagname,attr,offset,text,tokenpos'], end => [$end, 'tagname,offset,offset_end']);
	return edited($html, @edits);
}

sub to_web {
	my ($html, $base) = @_;
	return changed($html, '', sub { $_[0] =~ m{^source/([^#]+)\.html(#.*)?$} ? $base . $1 . ($2 // '') : undef });
}

# A link to a line that the tree does not have stays as it is; REFUSE is told the
# line of the page, and what is wrong.
sub to_here {
	my ($html, $base, $tree, $refuse) = @_;
	return changed($html, $said, sub {
		my ($href, $offset) = @_;
		my ($path, $fragment, $number) = $href =~ /^\Q$base\E([^#]+)(#L(\d+))?$/ or return;
		my $lines = $tree->count_lines($path);
		return "source/$path.html" . ($fragment // '') if defined $lines && ($number // 0) <= $lines;
		$refuse->(1 + (substr($html, 0, $offset) =~ tr/\n//),
			defined $lines ? "$path has $lines lines, and no line $number" : "there is no $path in $tree->{dir}");
		return;
	});
}

# Returns the links of a page to pages beside it, in order, each with the file, the
# line (0 for the file itself), the chapter, and where a reader finds the link again:
# at the heading above it or, on the page with a whole capture, at the line of the
# program that made the system call.
sub links_of {
	my ($page, $html) = @_;
	my ($chapter, $whole) = $page =~ /^0*(\d+|[a-z])-.*?(-tree)?\.html$/;
	$chapter = uc $chapter if defined $chapter;
	my ($id, $title) = ('main-text', $whole ? 'the whole capture' : 'the beginning');
	my ($in_heading, $in_title, @links);
	my $start = sub {
		my ($tag, $attr) = @_;
		my $href = $attr->{href};
		if ($tag eq 'a' && defined $href) {
			if ($in_heading && ($attr->{class} // '') eq 'self' && $href =~ /^#(.+)/) {
				($id, $title, $in_title) = ($1, '', 1);
			} elsif ($href =~ m{^source/([^#]+)\.html(?:#L(\d+))?} && $1 ne 'index') {
				push @links, { path => $1, line => $2 // 0, chapter => $chapter, link => "$page#$id", title => $title };
			}
		} elsif ($tag eq 'h2' || $tag eq 'h3') {
			$in_heading = !$whole;
		} elsif ($tag eq 'section' && ($attr->{class} // '') eq 'evidences') {
			# All chapters share these links, so they belong to none.
			$chapter = undef;
		}
		$id = $attr->{id} if $whole && ($attr->{id} // '') =~ /^tree-./;
	};
	my $end = sub {
		my ($tag) = @_;
		$in_title = 0 if $tag eq 'a';
		$in_heading = 0 if $tag eq 'h2' || $tag eq 'h3';
	};
	my $text = sub { $title .= $_[0] if $in_title };
	read_html($html, start => [$start, 'tagname,attr'], end => [$end, 'tagname'], text => [$text, 'dtext']);
	return @links;
}

1;
