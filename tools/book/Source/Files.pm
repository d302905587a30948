# Reads and writes whole files.  Whatever goes wrong ends the program with status 1.
package Source::Files;
use strict;
use warnings;
use Exporter 'import';
use File::Basename qw(dirname);
use File::Path qw(make_path);
our @EXPORT_OK = qw(fail read_file write_file write_page read_sums);

sub fail {
	print STDERR @_, "\n";
	exit 1;
}

sub read_file {
	my ($path) = @_;
	open my $in, '<', $path or fail("$path: $!");
	local $/;
	return scalar <$in>;
}

sub write_file {
	my ($path, $text) = @_;
	make_path(dirname $path);
	open my $out, '>', $path or fail("$path: $!");
	print $out $text;
	close $out or fail("$path: $!");
}

# A page keeps its time when only its links change, because make would otherwise
# build everything that depends on it again.
sub write_page {
	my ($path, $text) = @_;
	write_file("$path.new", $text);
	system('touch', '-r', $path, "$path.new") == 0 or fail("$path.new: its time cannot be set");
	rename "$path.new", $path or fail("$path: $!");
}

# Returns the checksums of files by path.  sha256sum makes them, because minimal
# systems lack Perl's own module.
sub read_sums {
	my (@files) = @_;
	my %sum;
	open my $in, '-|', 'sha256sum', '--', @files or fail("sha256sum: $!");
	while (<$in>) {
		$sum{$2} = $1 if /^\\?(\w+)  (.*)$/;
	}
	close $in or fail('sha256sum failed');
	return \%sum;
}

1;
