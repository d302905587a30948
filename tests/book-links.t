#!/bin/bash
# tools/book/check-links on small sites.
# shellcheck disable=SC2154
# shellcheck source-path=SCRIPTDIR source=book/lib.sh
source "$(dirname "$0")/book/lib.sh"
"$root/tools/need" libhtml-parser-perl || bail 'no HTML::Parser'
plan 21

links() { "$root/tools/book/check-links" "$@"; }

mkdir -p "$tmp/site"
cd "$tmp" || exit 1

# page BODY: a site of two pages, of which one is sound.
page()
{
	echo '<html><body><h1 id="top">T</h1></body></html>' >site/b.html
	echo "<html><body>$1</body></html>" >site/a.html
	touch site/style.css
	capture links site
}

page '<p id="x"><a href="b.html#top">b</a> <a href="#x">x</a> <a href="https://example.org/#no">o</a> <link href="style.css"></p>'
is "$status$err" 0 'a sound site'
page '<a href="c.html">c</a>'
is "$status $err" '1 site/a.html:1: broken link: c.html (no site/c.html)' 'a page that is not there'
page '<a href="b.html#bottom">b</a>'
is "$status $err" '1 site/a.html:1: broken link: b.html#bottom (no id "bottom" in b.html)' 'an id of another page'
page '<a class="fn" href="#x">b</a>'
is "$status $err" '1 site/a.html:1: broken link: #x (no id "x" in a.html)' 'an id of the page itself'
page '<p id="x">x</p><p class="y" id="x">x</p>'
is "$status $err" '1 site/a.html:1: the id "x" stands twice on this page' 'an id that stands twice'
page '<a id="x" href="c.html">c</a>'
is "$status" 1 'a tag with an id and a link'
page $'<a\nclass="x"\nhref="c.html">c</a>'
is "$status $err" '1 site/a.html:3: broken link: c.html (no site/c.html)' 'a tag over several lines'
page '<img alt="x" src="x.png">'
is "$status" 1 'an image that is not there'
page "<a href='c.html'>c</a>"
is "$status $err" '1 site/a.html:1: broken link: c.html (no site/c.html)' 'single quotes'
page '<code> href="c.html" id="x"</code> <!-- <a href="d.html"> --> <b id="x" data-id="x"></b> <a title="> href=e" href="b.html">b</a>'
is "$status$err" 0 'what is no attribute is no link, and no id'
touch 'site/a & b.txt'
page '<a href="a%20&amp;%20b.txt">a</a>'
is "$status$err" 0 'a name with characters that a link cannot hold'
page $'<p id="x"></p>\n<p\nid="x"></p>'
is "$status $err" '1 site/a.html:3: the id "x" stands twice on this page' 'the line of an id'
page $'<a href="c.html"></a>\n\n<a\nhref="d.html"></a>'
is "$err" $'site/a.html:1: broken link: c.html (no site/c.html)\nsite/a.html:4: broken link: d.html (no site/d.html)' 'each has its line'

page '<p id="run/KVM_RUN.2">r</p><a href="#run/KVM_RUN.2/!kvm_exit">e</a> <a href="a.html#run/KVM_RUN.2/kvm_vcpu_ioctl/!kvm_exit">e</a>'
is "$status$err" 0 'a link to a call whose system call is there'
page '<p id="run/KVM_RUN.2">r</p><a href="#run/KVM_RUN.3/!kvm_exit">e</a> <a href="#run/KVM_RUN">e</a>'
is "$status $err" $'1 site/a.html:1: broken link: #run/KVM_RUN.3/!kvm_exit (no id "run/KVM_RUN.3/!kvm_exit" in a.html)\nsite/a.html:1: broken link: #run/KVM_RUN (no id "run/KVM_RUN" in a.html)' '... and to one that is not'

# A page in a folder, with a <base>.
mkdir -p site/in/er
inner() { echo "<html><head>$1</head><body id=\"i\">$2</body></html>" >site/in/er/c.html; capture links site; }
page ''
inner '<base href="../../"><link href="style.css">' '<a href="b.html#top">b</a> <a href="in/er/c.html#i">i</a>'
is "$status$err" 0 'links start from the base'
inner '<base href="../../">' '<a href="#i">i</a>'
is "$status $err" '1 site/in/er/c.html:1: broken link: #i (no site/)' '... even that to an id alone'
inner '' '<a href="../../b.html#top">b</a> <a href="#i">i</a> <img src="../d.png">'
is "$status $err" '1 site/in/er/c.html:1: broken link: ../d.png (no site/in/d.png)' 'without a base they start from the folder'
rm -r site/in site/*.html
capture links site
is "$status" 1 'a site without a page'
capture links
is "$status" 2 'wrong usage'
capture links --help
like "$status $out" '0 usage: check-links' '--help'
