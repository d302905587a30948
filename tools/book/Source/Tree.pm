# Knows a tree of the kernel's source: its files, and what they define.
package Source::Tree;
use strict;
use warnings;
use Exporter 'import';
use Cwd qw(abs_path);
use Source::Files qw(fail read_file);
our @EXPORT_OK = qw(check_tree called);

# Returns the full name of a directory if that is the source of the book's kernel.
sub check_tree {
	my ($dir, $kernel) = @_;
	my $do = "LINUX=auto takes the source of Linux $kernel that tools/lab/lab source has or fetches";
	-d $dir or fail("LINUX=$dir: there is no such directory; $do");
	my %is;
	if (-f "$dir/Makefile" && -d "$dir/arch/arm64/kvm") {
		%is = read_file("$dir/Makefile") =~ /^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION)[ \t]*=[ \t]*(\S*)[ \t]*$/mg;
	}
	for (qw(VERSION PATCHLEVEL SUBLEVEL)) {
		length($is{$_} // '') or fail("LINUX=$dir is no tree of the kernel's source: it must hold arch/arm64/kvm and the "
			. "Makefile that says VERSION, PATCHLEVEL and SUBLEVEL; $do");
	}
	my $version = "$is{VERSION}.$is{PATCHLEVEL}.$is{SUBLEVEL}" . ($is{EXTRAVERSION} // '');
	$version eq $kernel or fail("LINUX=$dir is Linux $version, and the book is of $kernel, whose lines have other numbers: "
		. "give a tree of $kernel; $do");
	return abs_path($dir);
}

# SYMBOLS is the table that says what is defined where.
sub new {
	my ($class, $dir, $symbols) = @_;
	my %defined;
	for (split /\n/, read_file($symbols)) {
		my ($name, $kind, $path, $line, $end) = split /\t/;
		next if $kind eq 'kind' || $kind eq 'enumerator';
		push @{$defined{$path}}, { name => $name, kind => $kind, line => $line, end => $end || $line };
	}
	return bless { dir => $dir, defined => \%defined, text => {}, at => {} }, $class;
}

# Returns a file's text, which is empty if there is no such file.
sub text {
	my ($self, $path) = @_;
	return $self->{text}{$path} //= -f "$self->{dir}/$path" ? read_file("$self->{dir}/$path") : '';
}

sub count_lines {
	my ($self, $path) = @_;
	return $self->{lines}{$path} if exists $self->{lines}{$path};
	my $text = $self->text($path);
	return $self->{lines}{$path} = $text eq '' ? undef : $text =~ tr/\n//;
}

sub license {
	my ($self, $path) = @_;
	return $self->text($path) =~ m{\A.{0,400}?SPDX-License-Identifier:[ \t]*(.+?)[ \t]*(?:\*/|\n)}s ? $1 : 'GPL-2.0';
}

# Returns the innermost definition that a line is in, or undef.
sub definition {
	my ($self, $path, $line) = @_;
	my $best;
	for my $d (@{$self->{defined}{$path} // []}) {
		$best = $d if $d->{line} <= $line && $line <= $d->{end} && (!$best || $d->{line} > $best->{line});
	}
	return $best;
}

# Returns the first line of that definition; a line outside of any stands for itself.
sub defining_line {
	my ($self, $path, $line) = @_;
	return $self->{at}{"$path:$line"} //= ($self->definition($path, $line) // { line => $line })->{line};
}

# Returns what readers call a definition.
sub called {
	my ($d) = @_;
	my $name = $d->{name} =~ /^__anon/ ? "$d->{kind} without a name" : $d->{name};
	return $d->{kind} eq 'function' ? "$name()" : $d->{kind} =~ /^(struct|enum)$/ && $name eq $d->{name} ? "$d->{kind} $name" : $name;
}

1;
