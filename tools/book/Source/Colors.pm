# The lines of a source file as HTML, in the colors of the book's listings:
# the classes that pandoc's highlighter has, for as much of C as a reader needs
# to find comments, strings and keywords.  pandoc itself takes a second for a
# hundred thousand bytes, and the files beside the book have millions.
package Source::Colors;
use strict;
use warnings;

my %class;
$class{$_} = 'cf' for qw(if else for while do switch case default break continue return goto);
$class{$_} = 'kw' for qw(auto const enum extern inline register restrict sizeof static struct typedef
	union volatile __always_inline __init __exit noinline typeof __attribute__ asm __asm__);
$class{$_} = 'dt' for qw(void char short int long signed unsigned float double bool _Bool
	u8 u16 u32 u64 s8 s16 s32 s64 __u8 __u16 __u32 __u64 __s32 __s64 size_t ssize_t loff_t
	pid_t gfp_t gpa_t gfn_t hva_t hpa_t kvm_pfn_t phys_addr_t);

sub escape {
	my ($text) = @_;
	$text =~ s/&/&amp;/g;
	$text =~ s/</&lt;/g;
	$text =~ s/>/&gt;/g;
	return $text;
}

# A token over several lines is a piece of each.
sub colored {
	my ($class, $text) = @_;
	$text = escape($text);
	return join "\n", map { length ? "<span class=\"$class\">$_</span>" : '' } split /\n/, $text, -1;
}

my %entity = ('&' => '&amp;', '<' => '&lt;', '>' => '&gt;');

sub c {
	my ($text) = @_;
	$text =~ s{(/\*.*?(?:\*/|\z)|//[^\n]*)
		|("(?:\\.|[^"\\\n])*"|'(?:\\[^'\n]+|[^'\\\n])')
		|(?:^([ \t]*\#[ \t]*[a-z]+)([ \t]*<[^>\n]*>)?)
		|\b([A-Za-z_]\w*)
		|\b(\d\w*)
		|([&<>])
	}{
		defined $5 ? ($class{$5} ? "<span class=\"$class{$5}\">$5</span>" : $5)
		: defined $7 ? $entity{$7}
		: defined $6 ? "<span class=\"dv\">$6</span>"
		: defined $1 ? colored('co', $1)
		: defined $2 ? colored('st', $2)
		: colored('pp', $3) . (defined $4 ? colored('st', $4) : '')
	}gemsx;
	return $text;
}

# The lines of a file's text, without their ends.
sub lines {
	my ($path, $text) = @_;
	my $html = $path =~ /\.[chS]$/ ? c($text) : escape($text);
	$html =~ s/\n\z//;
	return split /\n/, $html, -1;
}

1;
