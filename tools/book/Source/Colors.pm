# Colors the lines of a source file as the book's listings are colored.  It knows
# the classes of pandoc's highlighter, and as much of C as it takes to find
# comments, strings and keywords.  pandoc itself needs a second for a hundred
# thousand bytes, and the files beside the book have millions.
package Source::Colors;
use strict;
use warnings;
use Element qw(tags as_is);
use HTML::Entities qw(encode_entities);

my %class;
$class{$_} = 'cf' for qw(if else for while do switch case default break continue return goto);
$class{$_} = 'kw' for qw(auto const enum extern inline register restrict sizeof static struct typedef
	union volatile __always_inline __init __exit noinline typeof __attribute__ asm __asm__);
$class{$_} = 'dt' for qw(void char short int long signed unsigned float double bool _Bool
	u8 u16 u32 u64 s8 s16 s32 s64 __u8 __u16 __u32 __u64 __s32 __s64 size_t ssize_t loff_t
	pid_t gfp_t gpa_t gfn_t hva_t hpa_t kvm_pfn_t phys_addr_t);

sub escape {
	my ($text) = @_;
	return encode_entities($text, '<>&');
}

# The files have half a million tokens, so the tags around those of a class, the
# HTML of each word and that of each sign are made once.
my %tags = map { $_ => [tags('span', [class => $_])] } qw(cf kw dt dv co st pp);
my ($number, $number_end) = @{$tags{dv}};
my %word = map { my $tags = $tags{$class{$_}}; ($_ => "$tags->[0]$_$tags->[1]") } keys %class;
my %sign = map { $_ => escape($_) } qw(& < >);

# A token over several lines is a piece of each.
sub colored {
	my ($class, $text) = @_;
	my ($start, $end) = @{$tags{$class}};
	return join "\n", map { length ? "$start$_$end" : '' } split /\n/, escape($text), -1;
}

sub c {
	my ($text) = @_;
	$text =~ s{(/\*.*?(?:\*/|\z)|//[^\n]*)
		|("(?:\\.|[^"\\\n])*"|'(?:\\[^'\n]+|[^'\\\n])')
		|(?:^([ \t]*\#[ \t]*[a-z]+)([ \t]*<[^>\n]*>)?)
		|\b([A-Za-z_]\w*)
		|\b(\d\w*)
		|([&<>])
	}{
		defined $5 ? $word{$5} // $5
		: defined $7 ? $sign{$7}
		: defined $6 ? "$number$6$number_end"
		: defined $1 ? colored('co', $1)
		: defined $2 ? colored('st', $2)
		: colored('pp', $3) . (defined $4 ? colored('st', $4) : '')
	}gemsx;
	return $text;
}

# The lines of a file's text as HTML, without their ends.
sub lines {
	my ($path, $text) = @_;
	my $html = $path =~ /\.[chS]$/ ? c($text) : escape($text);
	$html =~ s/\n\z//;
	return map { as_is($_) } split /\n/, $html, -1;
}

1;
