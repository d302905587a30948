// In a book with the kernel beside it (make book LINUX=…), a link into the
// kernel's source shows the lines around its place, before one follows it.
// source/PATH.js has them, and adds them to the global SOURCE.
{
	const link_to = target => {
		const link = target instanceof Element && target.closest('main a[href^="source/"]');
		const [, path, line] = link && /^source\/(.*)\.html#L(\d+)$/.exec(link.getAttribute("href")) || [];
		return path ? { link, path, line: Number(line) } : null;
	};

	// Loads the lines of a file, once.
	const files = {};
	const load = path => files[path] ??= new Promise((done, failed) => {
		const script = document.createElement("script");
		script.src = `source/${path}.js`;
		script.onload = () => done(window.SOURCE[path]);
		script.onerror = failed;
		document.head.append(script);
	});

	const box = document.createElement("div");
	box.className = "excerpt";
	box.popover = "manual";
	// Whoever listens to the page is led to the same lines by the link.
	box.setAttribute("aria-hidden", "true");
	let shown = null, timer = 0;

	const hide = () => {
		clearTimeout(timer);
		shown = null;
		if (box.isConnected && box.matches(":popover-open"))
			box.hidePopover();
	};

	const fill = ({ path, line }, file) => {
		const [first, last, name] = file.places[line];
		const head = document.createElement("p");
		head.textContent = `${path}:${line}${name ? `, ${name}` : ""}`;
		const license = document.createElement("span");
		license.textContent = file.license;
		head.append(license);
		const code = document.createElement("code");
		for (let number = first; number <= last; number++) {
			const row = document.createElement("span");
			row.className = number === line ? "line meant" : "line";
			row.dataset.n = number;
			// The line is HTML that Source/Colors.pm has made.
			row.innerHTML = file.lines[number];
			row.append("\n");
			code.append(row);
		}
		const pre = document.createElement("pre");
		pre.append(code);
		const listing = document.createElement("div");
		listing.className = "listing";
		listing.append(pre);
		box.replaceChildren(head, listing);
	};

	// Below the link, or above it where there is more room; within the window.
	const place = link => {
		const { left, top, bottom } = link.getClientRects()[0] ?? link.getBoundingClientRect();
		const { width, height } = box.getBoundingClientRect();
		const below = bottom + 6 + height <= innerHeight || top < innerHeight - bottom;
		box.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
		box.style.top = `${Math.max(8, below ? bottom + 6 : top - 6 - height)}px`;
	};

	const show = async target => {
		shown = target.link;
		const file = await load(target.path).catch(() => null);
		// Meanwhile the reader may have gone on.
		if (shown !== target.link || !file?.places[target.line])
			return;
		fill(target, file);
		// Beside its link, it is on top of whatever that stands in.
		(target.link.closest("[popover]") ?? document.body).append(box);
		if (box.matches(":popover-open"))
			box.hidePopover();
		box.showPopover();
		place(target.link);
	};

	const soon = (what, wait) => {
		clearTimeout(timer);
		timer = setTimeout(what, wait);
	};

	if (!document.body.classList.contains("source") && document.querySelector('main a[href^="source/"]') && box.showPopover) {
		document.addEventListener("pointerover", event => {
			const target = event.pointerType === "mouse" && link_to(event.target);
			if (box.contains(event.target) || target && target.link === shown)
				clearTimeout(timer);
			else if (target)
				soon(() => show(target), 300);
			else if (event.pointerType === "mouse")
				soon(hide, 200);
		});
		document.addEventListener("focusin", event => {
			const target = link_to(event.target);
			if (target && event.target.matches(":focus-visible"))
				soon(() => show(target), 300);
			else
				hide();
		});
		document.addEventListener("keydown", event => {
			if (event.key !== "Escape" || !shown)
				return;
			// The first Escape closes this, and not what it stands in.
			event.preventDefault();
			hide();
		});
		document.addEventListener("scroll", event => box.contains(event.target) || hide(), { capture: true, passive: true });
	}
}
