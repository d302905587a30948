// The arrow keys turn the pages of the book, and ? says which keys there are.
{
	// What does something else with the arrows: what is written in, moves a
	// cursor of its own, or scrolls sideways.
	const OWN = "input, textarea, select, [contenteditable], .kvt-tree, [role=tablist], [role=menu], [role=slider], [data-keys], .menu, dialog, [popover]";

	const scrollsSideways = (element) => {
		for (let at = element; at && at !== document.body; at = at.parentElement)
			if (at.scrollWidth > at.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(at).overflowX))
				return true;
		return document.scrollingElement.scrollWidth > innerWidth;
	};

	const isBusy = () => document.querySelector("dialog[open], [popover]:popover-open");

	const turn = (event) => {
		const link = document.querySelector(`.top .step[rel=${event.key === "ArrowLeft" ? "prev" : "next"}]`);
		if (!link || event.target.closest?.(OWN) || scrollsSideways(event.target) || isBusy())
			return;
		event.preventDefault();
		link.click();
	};

	const keys = [
		["← →", "The chapter before, the next one."],
		["/", "Search."],
		["Tab, Enter", "From link to link; follow it, open what is folded."],
		["Escape", "Closes a menu, the search, what a mark has opened."],
		["?", "These keys. A call tree has its own, which the ? above it names."],
	];
	let dialog;
	const help = () => {
		dialog ??= document.body.appendChild(kit.make("dialog", { class: "keys", "aria-labelledby": "keys-title" },
			kit.make("h2", { id: "keys-title" }, "Keys"),
			kit.make("dl", {}, ...keys.flatMap(([key, does]) => [kit.make("dt", {}, kit.make("kbd", {}, key)), kit.make("dd", {}, does)])),
			kit.button("Close", () => dialog.close())));
		dialog.showModal();
	};

	document.querySelector(".tools")?.append(kit.button("?", help, { class: "help", "aria-label": "Keys", title: "Keys (?)", "aria-keyshortcuts": "?" }));
	document.addEventListener("keydown", (event) => {
		if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
			return;
		if ((event.key === "ArrowLeft" || event.key === "ArrowRight") && !event.shiftKey)
			turn(event);
		else if (event.key === "?" && !event.target.closest?.("input, textarea, select, [contenteditable]") && !isBusy()) {
			event.preventDefault();
			help();
		}
	});
}
