// A button at each listing, command and output that copies its text: without
// line numbers, and without the faded lines that only show where a piece is.
{
	const textOf = (pre) => {
		const lines = [...pre.querySelectorAll(".line:not(.before)")];
		const text = (lines.length ? lines : [pre]).map(({ textContent }) => textContent).join("");
		return text.replace(/\n*$/, "\n");
	};

	const button = (pre, what) => {
		// A command waits in the terminal for the reader's Enter.
		const text = () => what === "command" ? textOf(pre).trimEnd() : textOf(pre);
		let timer;
		const copy = kit.button("Copy", async () => {
			const copied = await kit.copy(text());
			copy.textContent = copied ? "Copied" : "Not copied";
			kit.say(copied ? "Copied" : "The browser does not let the page copy");
			clearTimeout(timer);
			timer = setTimeout(() => { copy.textContent = "Copy"; }, 2000);
		}, { class: "copy", "aria-label": `Copy the ${what}` });
		return copy;
	};

	for (const pre of document.querySelectorAll("main pre")) {
		if (pre.closest(".evidence"))
			continue;
		const how = pre.closest(".how");
		const caption = pre.parentElement.matches(".listing, .output") && pre.parentElement.querySelector("figcaption");
		const what = how || pre.matches(".sh, .bash") || pre.querySelector("code.bash, code.sh") ? "command"
			: pre.closest(".output") ? "output" : "code";
		const copy = button(pre, what);
		if (how) {
			how.querySelector("p").append(" ", copy);
		} else if (caption) {
			caption.append(copy);
		} else {
			const box = kit.make("div", { class: "copyable" });
			pre.before(box);
			box.append(pre, copy);
		}
	}
}
