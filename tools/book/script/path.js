// Marks in the contents the section that is being read.
{
	const links = new Map();
	for (const link of document.querySelectorAll(".toc a[href^='#']"))
		links.set(decodeURIComponent(link.hash.slice(1)), link);
	const heads = [...links.keys()].map(id => document.getElementById(id)).filter(Boolean);

	// Within the contents only: where they are a strip above the text, the
	// page would go up to them.
	const show = (link) => {
		const toc = link.closest(".toc");
		const box = toc.getBoundingClientRect(), at = link.getBoundingClientRect();
		toc.scrollBy(Math.min(0, at.left - box.left) + Math.max(0, at.right - box.right),
			Math.min(0, at.top - box.top) + Math.max(0, at.bottom - box.bottom));
	};
	const mark = () => {
		// The last heading above the upper third of the window.
		const here = heads.filter(h => h.getBoundingClientRect().top < innerHeight / 3).pop();
		for (const [id, link] of links) {
			if (here && id === here.id) {
				if (!link.hasAttribute("aria-current")) {
					link.setAttribute("aria-current", "location");
					show(link);
				}
			} else {
				link.removeAttribute("aria-current");
			}
		}
	};
	let waiting = false;
	const later = () => {
		if (!waiting)
			requestAnimationFrame(() => { waiting = false; mark(); });
		waiting = true;
	};
	if (heads.length) {
		addEventListener("scroll", later, { passive: true });
		addEventListener("resize", later);
		mark();
	}
}
