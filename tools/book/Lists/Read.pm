# Reads what the lists are made of: what the pages say (filters/facts.lua writes it),
# what the captures have (tools/book/calls) and the kernel's tables; and writes what
# the lists have in common.
package Lists::Read;
use strict;
use warnings;
use Exporter 'import';
use Element qw(element html joined NBSP);
use Html qw(ids_in);
our @EXPORT_OK = qw(descriptor function_at read_book rows function_link call_link entries entry paragraph line source_link place_link of_chapter section_links);

# Returns the rows of a table, and none if there is no such file.
sub rows {
	my ($path) = @_;
	open my $in, '<', $path or return;
	chomp(my @lines = <$in>);
	return map { [split /\t/, $_, -1] } @lines;
}

# Returns what a page says, place by place.
sub read_page {
	my ($path) = @_;
	my ($page, %place, $here, @terms);
	my $at = sub {
		my ($id, $title) = @_;
		my $new = { id => $id, title => $title, text => [], code => [], names => {}, words => {} };
		$here = $place{$id} //= do { push @{$page->{places}}, $new; $new };
	};
	for (rows($path)) {
		my ($kind, @field) = @$_;
		if ($kind eq 'page') {
			$page = { file => $field[0], number => $field[1], title => $field[2], question => $field[3] // '', places => [], wrong => [] };
			$at->('', $field[2]);
		} elsif ($kind eq 'at') {
			$at->(@field[0, 1]);
		} elsif ($kind eq 'text' || $kind eq 'code') {
			push @{$here->{$kind}}, $field[0];
		} elsif ($kind eq 'name') {
			$here->{names}{$field[0]}{$field[1]}++;
		} elsif ($kind eq 'word') {
			$here->{words}{$field[0]}++;
		} elsif ($kind eq 'wrong') {
			my %wrong = (page => $page);
			@wrong{qw(id codes title html cited words names when shown)} = @field;
			push @{$page->{wrong}}, \%wrong;
		} elsif ($kind eq 'term') {
			my %term;
			@term{qw(id name forms text)} = @field;
			push @terms, \%term;
		}
	}
	$page->{terms} = \@terms;
	return $page;
}

# Returns the ids of a built page, so that no link leads to a place that is not there.
sub ids_of {
	my ($path) = @_;
	open my $in, '<', $path or return {};
	return ids_in(do { local $/; <$in> });
}

# Reads the table of tools/book/calls.
sub read_calls {
	my ($book, $path) = @_;
	for (rows($path)) {
		my ($kind, $name, @field) = @$_;
		if ($kind eq 'fn') {
			my ($program, $mode, $calls, $line) = @field;
			$book->{calls}{$name}{$program}{$mode} = { calls => $calls, line => $line };
		} elsif ($kind eq 'result' || $kind eq 'caller') {
			$book->{$kind}{$name}{$field[0]} = $field[1];
		} elsif ($kind eq 'path') {
			push @{$book->{path}{$name}}, [@field];
		} elsif ($kind eq 'sys') {
			my %sys = (name => $name);
			@sys{qw(program mode fd line result times first)} = @field;
			push @{$book->{sys}}, \%sys;
		} elsif ($kind eq 'exit') {
			my %exit = (reason => $name);
			@exit{qw(errno program mode line times)} = @field;
			push @{$book->{exits}}, \%exit;
		}
	}
}

# Reads the kernel's tables; a name with several rows means the first.
sub read_tables {
	my ($book, $dir) = @_;
	for (rows("$dir/symbols.tsv")) {
		my ($name, $kind, $path, $line, $last) = @$_;
		next if $kind eq 'kind';
		push @{$book->{bodies}{$path}}, [$line, $last, $name] if $kind eq 'function';
		$book->{structs}{$name} //= "$path:$line" if $kind eq 'struct';
		$book->{symbols}{$name} //= "$path:$line" if $kind eq 'function' || $kind eq 'macro';
	}
	for (rows("$dir/uapi.tsv")) {
		my ($kind, $name, $value, $type) = @$_;
		push @{$book->{uapi}{$kind}}, { name => $name, value => $value, type => $type // '' };
	}
	for (rows("$dir/ioctls.tsv")) {
		my %row;
		@row{qw(name fd function path line doc capability architectures parameters)} = @$_;
		push @{$book->{handlers}{$row{name}}}, \%row if $row{name} ne 'name';
	}
}

# Reads everything.  OUT is the built book, TABLES has the kernel's tables, and links
# to the kernel's source begin with BASE.
sub read_book {
	my (%from) = @_;
	my $book = { base => $from{base}, calls => {}, sys => [], exits => [], handlers => {}, uapi => {}, symbols => {} };
	for my $chapter (@{$from{chapters}}) {
		my $page = read_page("$from{out}/.facts/$chapter.tsv") or next;
		$page->{program} = $chapter;
		$page->{ids} = ids_of("$from{out}/$chapter.html");
		$page->{tree} = ids_of("$from{out}/$chapter-tree.html");
		push @{$book->{pages}}, $page;
		$book->{page}{$chapter} = $page;
	}
	my $glossary = read_page("$from{out}/.facts/glossary.tsv");
	$book->{terms} = $glossary ? $glossary->{terms} : [];
	read_calls($book, $from{calls});
	read_tables($book, $from{tables});
	return $book;
}

# Names a kind of descriptor in words.
sub descriptor {
	my ($fd) = @_;
	return { system => 'the system', vm => 'a VM', vcpu => 'a vCPU', device => 'a device', stats => 'statistics' }->{$fd} // '';
}

# Returns the function that has a line of the kernel's source, or ''.
sub function_at {
	my ($book, $place) = @_;
	my ($path, $line) = $place =~ /^(.*):(\d+)$/ or return '';
	my ($found) = grep { $_->[0] <= $line && $line <= $_->[1] } @{$book->{bodies}{$path} || []};
	return $found ? $found->[2] : '';
}

# Writes a function that leads to its entry on the list of functions.
sub function_link {
	my ($name) = @_;
	return element('a', [href => "functions.html#$name"], element('code', "$name()"));
}

# Writes an ioctl that leads to its entry; other system calls have none.
sub call_link {
	my ($book, $name) = @_;
	return element('code', "$name()") if !$book->{handlers}{$name};
	return element('a', [href => "ioctls.html#$name"], element('code', $name));
}

# Writes a line of an entry, "Text 4 Three files", if there is something to say.
sub line {
	my ($label, $said) = @_;
	return $said ? html(element('dd', element('span', [class => 'label'], $label), ' ', $said), "\n") : html();
}

# Writes a list of entries.
sub entries {
	my ($class, @entries) = @_;
	return html(element('dl', [class => $class], "\n", @entries), "\n");
}

# Writes an entry of a long list: a name and the lines about it.  They are together
# in one element, which the browser lays out when it comes into view.
sub entry {
	my ($name, @lines) = @_;
	return html(element('div', "\n", $name, "\n", @lines), "\n");
}

# Writes a paragraph on a line of its own.
sub paragraph {
	my (@inside) = @_;
	return html(element('p', @inside), "\n");
}

# Writes a link to a line of the kernel's source as the chapters do.
sub source_link {
	my ($book, $place, $inside, $class) = @_;
	my ($path, $line) = $place =~ /^(.*):(\d+)$/;
	return html($inside) if !$path;
	return element('a', [href => "$book->{base}$path#L$line", class => $class, title => $place], $inside);
}

# Writes "kvm_main.c:4173" as a link.
sub place_link {
	my ($book, $place) = @_;
	return source_link($book, $place, $place =~ s{.*/}{}r, 'loc');
}

# Writes a chapter's number and what a list says of that chapter.
sub of_chapter {
	my ($page, @inside) = @_;
	return element('span', [class => 'per'], element('b', $page->{number}), NBSP, @inside);
}

# Writes "4 Three files, Opening the door": the places of each page that CHOOSES
# returns true for.
sub section_links {
	my ($book, $chooses) = @_;
	my @chapters;
	for my $page (@{$book->{pages}}) {
		my @links = map {
			my ($at, $title) = $_->{id} eq '' ? ('', 'beginning') : ("#$_->{id}", $_->{title} =~ s/\.$//r);
			element('a', [href => $page->{file} . $at], $title)
		} grep { $chooses->($_) } @{$page->{places}};
		push @chapters, of_chapter($page, joined(', ', @links)) if @links;
	}
	return joined(' ', @chapters);
}

1;
