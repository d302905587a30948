// TAP: queries and what they find, in search-index.js of the built book.
const fs = require("fs"), vm = require("vm"), zlib = require("zlib");
const out = process.argv[2];
const source = fs.readFileSync(`${out}/search-index.js`, "utf8");
const { rows, find, terms, stem } = vm.runInNewContext(source + `; ({ rows: SEARCH_ROWS, find: SEARCH.find,
	terms: SEARCH_INDEX.terms.split(" "), stem: word => String(lunr.Pipeline.load(["stem"]).runString(word)) })`);

let count = 0;
const ok = (passed, name, why = "") => {
	console.log(`${passed ? "ok" : "not ok"} ${++count} - ${name}`);
	if (!passed && why)
		console.log("# " + String(why).replaceAll("\n", "\n# "));
};
const urls = (query, kind) => find(query).groups.filter(group => !kind || group.kind === kind)
	.flatMap(group => group.hits.map(hit => hit.url));
const text = pieces => pieces.map(([piece]) => piece).join("");
const marks = hit => [...hit.title, ...hit.snippet].filter(([, match]) => match).map(([piece]) => piece.toLowerCase());

// The query, the group, and what is first in it.
for (const [query, kind, first] of [
	["EBUSY KVM_RUN", "call", "errors.html#EBUSY"],
	["EINVAL KVM_RUN", "call", "errors.html#EINVAL-KVM_RUN"],
	["kvm_run", "call", "ioctls.html#KVM_RUN"],
	["KVM_EXIT_MMIO", "call", "errors.html#KVM_EXIT_MMIO"],
	["kvm_vcpu_ioctl", "function", "functions.html#kvm_vcpu_ioctl"],
	["kvm_vcpu_ioctl()", "function", "functions.html#kvm_vcpu_ioctl"],
	["kvm_vcpu_ioct", "function", "functions.html#kvm_vcpu_ioctl"],
	["vcpu_load", "function", "functions.html#vcpu_load"],
	["memslot overlap", "function", "functions.html#kvm_check_memslot_overlap"],
	["kvm_vcpu_iotcl", "function", "functions.html#kvm_vcpu_ioctl"],
	["hypercals", "term", "glossary.html#hypercall"],
	["stage 2 fault", "term", "glossary.html#stage-2-fault"],
	["psci", "term", "glossary.html#psci"],
	["what is a VMID?", "term", "glossary.html#vmid"],
	["two slots at one IPA", "section", "08-memslot.html#wrong-eexist-two-slots-at-one-ipa"],
	["the world switch", "section", "11-run.html#the-world-switch"],
	["usermod kvm", "section", "01-open.html#wrong-eacces-kvm-is-not-for-you"],
	["pthread_create", "section", "11-run.html#exercise-3"],
	// The words of those who ask.
	["KVM_EXIT_HLT wfi", "section", "11-run.html#wrong-no-exit-for-an-idle-guest"],
	["guest wfi hangs", "section", "11-run.html#wrong-no-exit-for-an-idle-guest"],
	["advance program counter after mmio", "section", "12-mmio.html#wrong-a-program-counter-moved-twice"],
	["KVM_CREATE_VM EINVAL type 0", "section", "03-vm.html#wrong-einval-a-type-that-does-not"],
	["load/store instruction decoding not implemented", "section", "13-faults.html#wrong-enosys-load-store-instruction-decoding-not"],
	["single step interrupt handler", "section", "14-debug.html#wrong-a-step-that-ends-in-the"],
]) {
	const found = urls(query, kind);
	ok(found[0] === first, `"${query}" finds ${first}`, found.slice(0, 5).join("\n") || "nothing");
}
const groups = query => find(query).groups.map(group => group.kind).join(" ");
ok(groups("user_mem").startsWith("function"), "the group with the best hit is first: a function", groups("user_mem"));
ok(groups("stage 2 fault").startsWith("term"), "... a term", groups("stage 2 fault"));
ok(urls("vcpu_load", "function").includes("functions.html#kvm_arch_vcpu_load"), "a piece of a name finds the name");
ok(urls("abort", "function").includes("functions.html#user_mem_abort"), "... and so does a word of it");
ok(urls("memslots", "term").includes("glossary.html#memslot"), "a plural finds the word");
ok(urls("MEMSLOT").join() === urls("memslot").join(), "capitals do not matter");
for (const query of ["xyzzyqqq", "", "  ", "()", "%$"])
	ok(find(query).count === 0, `"${query}" finds nothing`, urls(query).join("\n"));
ok(find("the").count >= 0 && find("a.*[b(").count >= 0, "no query breaks it");

const digits = find("stage 2 fault").groups.find(group => group.kind === "section").hits;
ok(digits.every(hit => marks(hit).some(piece => piece !== "2")), "a digit alone finds nothing", digits.map(hit => hit.url).join("\n"));

const hit = find("immediate_exit signal").groups.find(group => group.kind === "section").hits[0];
ok(marks(hit).includes("immediate_exit"), "a snippet has the match marked", JSON.stringify(hit));
ok(text(hit.snippet).length < 200, "... and is short");
ok(hit.where.startsWith("11. Run"), "... with its chapter", hit.where);
ok(find("vmid").count === find("vmid").groups.reduce((sum, group) => sum + group.hits.length, 0), "the number of results is right");
ok(!rows.some(row => /Three\.\s+The new one is a data abort/.test(row[4])), "no snippet gives a solution away");

// The index is made by another lunr than the one that reads it.
const known = new Set(terms);
const strange = rows.flatMap(row => row.slice(2).join(" ").toLowerCase().match(/[a-z0-9]+/g) || []).filter(word => !known.has(stem(word)));
ok(known.size > 2000 && !strange.length, `${known.size} terms are what the browser makes of the words, too`, strange.slice(0, 20).join("\n"));
ok(/Copyright .*Oliver Nightingale/.test(source) && source.includes("Permission is hereby granted, free of charge"), "lunr has its license with it");
ok(!source.includes("sourceMappingURL"), "... and names no file that is not there");

// Every address in it leads somewhere.
const ids = {};
const broken = rows.map(row => row[1]).filter(url => {
	const [page, id] = url.split("#");
	if (!ids[page]) {
		const file = `${out}/${page}`;
		ids[page] = fs.existsSync(file) ? new Set([...fs.readFileSync(file, "utf8").matchAll(/\sid="([^"]*)"/g)].map(match => match[1])) : new Set();
	}
	return id === undefined ? !ids[page].size : !ids[page].has(id);
});
ok(!broken.length, `each of ${rows.length} addresses leads somewhere`, broken.join("\n"));
for (const [kind, least] of [["call", 100], ["function", 400], ["term", 50], ["section", 250]]) {
	const many = rows.filter(row => row[0] === kind).length;
	ok(many >= least, `${many} of the kind "${kind}"`);
}
const size = zlib.gzipSync(source).length;
ok(size < 300000, `${Math.round(size / 1000)} kB, packed`);

// Without scripts there is no button; with them it is loaded when asked for.
const pages = fs.readdirSync(out).filter(name => /^[^.].*\.html$/.test(name)).map(name => fs.readFileSync(`${out}/${name}`, "utf8"));
ok(!pages.some(page => /<script[^>]*search-index|<button[^>]*search/.test(page)), "no page loads the index, or has a button of its own");
ok(pages.every(page => ["functions", "ioctls", "errors", "glossary"].every(name => page.includes(`href="${name}.html"`))), "every page leads to the lists");
console.log(`1..${count}`);
