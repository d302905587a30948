# search-rows.js: what can be searched for, in order; search-index makes lunr's
# index of it, and script/find.js searches that.
package Lists::Search;
use strict;
use warnings;
use Exporter 'import';
use Lists::Read qw(descriptor);
use Lists::Functions qw(functions);
use Lists::Ioctls qw(ioctls descriptors);
use Lists::Errors qw(failures errnos says exits);
our @EXPORT_OK = qw(search_js);

sub quoted {
	my ($text) = @_;
	return '"' . ($text =~ s/([\\"])/\\$1/gr =~ s/[\x00-\x1f]+/ /gr) . '"';
}

# A row: kind, address, title, what stands below it, text, code.
sub row { return '[' . join(',', map { quoted($_) } @_) . ']' }

sub calls {
	my ($book) = @_;
	my $all = ioctls($book);
	my @rows;
	for my $name (sort keys %$all) {
		my @fds = map { descriptor($_) } descriptors($book, $name);
		push @rows, row('call', "ioctls.html#$name", $name, 'ioctl on ' . join(', ', @fds), $all->{$name}{type}, '');
	}
	for my $errno (errnos($book)) {
		push @rows, row('call', "errors.html#$errno", $errno, says($errno), '', '');
	}
	my %first;
	$first{"$_->{errno} $_->{name}"}{"$_->{first}()"} = 1 for grep { $_->{first} ne '' } @{failures($book)};
	for (sort keys %first) {
		my ($errno, $name) = split / /;
		push @rows, row('call', "errors.html#$errno-$name", "$errno from $name", join(', ', sort keys %{$first{$_}}), '', '');
	}
	push @rows, row('call', "errors.html#$_->{name}", $_->{name}, "exit reason $_->{value}", '', '') for exits($book);
	return @rows;
}

# The rows of the tables of what goes wrong; its paragraphs are places already.
sub wrong_rows {
	my ($page) = @_;
	my %place = map { $_->{id} => 1 } @{$page->{places}};
	return map { row('section', "$page->{file}#$_->{id}", $_->{title} =~ s/\.$//r || $_->{codes},
		"$page->{number}. $page->{title}, what goes wrong", $_->{words}, '') } grep { !$place{$_->{id}} } @{$page->{wrong}};
}

sub search_js {
	my ($book) = @_;
	my $all = functions($book);
	my @rows = calls($book);
	push @rows, row('function', "functions.html#$_", $_, $all->{$_}[0] // '', '', '') for sort keys %$all;
	push @rows, row('term', "glossary.html#$_->{id}", $_->{name}, $_->{forms}, $_->{text}, '') for @{$book->{terms}};
	for my $page (@{$book->{pages}}) {
		for (grep { @{$_->{text}} || @{$_->{code}} } @{$page->{places}}) {
			my ($title, $where) = $_->{id} eq '' ? ("$page->{number}. $page->{title}", $page->{question})
				: ($_->{title} =~ s/\.$//r, "$page->{number}. $page->{title}");
			push @rows, row('section', $page->{file} . ($_->{id} eq '' ? '' : "#$_->{id}"), $title, $where,
				join(' ', @{$_->{text}}), join(' ', @{$_->{code}}));
		}
		push @rows, wrong_rows($page);
	}
	return "const SEARCH_ROWS = [\n" . join(",\n", @rows) . "\n];\n";
}

1;
