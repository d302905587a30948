// Walks, one step at a time: buttons, and the arrow keys while a walk has the
// keyboard; the line of the program and the row of the tree are marked as well,
// and of the pictures of objects that a walk may have, there is that of the step.
// Without this file, a walk is a numbered list.
{
	const prepare = (figure) => {
		const steps = [...figure.querySelectorAll(":scope > .walk-steps > .walk-step")];
		const pictures = [...figure.querySelectorAll(":scope > .walk-pictures > .walk-picture")];
		let at = 0, isGuided = true;
		const status = kit.make("span", { class: "at", "aria-live": "polite" });

		// A tree that unfolds above the walk must not move it from under the reader.
		const inPlace = (change) => {
			const before = figure.getBoundingClientRect().top;
			change();
			scrollBy({ top: figure.getBoundingClientRect().top - before, behavior: "instant" });
		};
		// Of a walk with pictures of objects, that of the step; of all steps, the last.
		const draw = (step) => {
			const shown = pictures[step ? step.dataset.picture - 1 : pictures.length - 1];
			for (const picture of pictures)
				picture.hidden = picture !== shown;
		};
		const unmark = () => {
			for (const one of document.querySelectorAll(".walked"))
				one.classList.remove("walked");
		};
		const mark = (step) => {
			unmark();
			document.getElementById(step.dataset.at)?.classList.add("walked");
			const row = calls.find(step.dataset.call);
			if (!row)
				return;
			calls.reveal(row);
			row.classList.add("walked");
		};
		const show = (number) => {
			at = Math.max(0, Math.min(steps.length - 1, number));
			inPlace(() => {
				steps.forEach((step, index) => {
					if (index === at)
						step.setAttribute("aria-current", "step");
					else
						step.removeAttribute("aria-current");
				});
				mark(steps[at]);
				draw(steps[at]);
			});
			status.textContent = `Step ${at + 1} of ${steps.length}`;
			previous.setAttribute("aria-disabled", at === 0);
			next.setAttribute("aria-disabled", at === steps.length - 1);
		};
		const go = (number) => {
			if (number < 0 || number >= steps.length)
				return;
			show(number);
			history.replaceState(null, "", `#${steps[at].id}`);
		};
		const guide = (on) => {
			isGuided = on;
			figure.classList.toggle("guided", on);
			all.textContent = on ? "All steps" : "One by one";
			previous.hidden = next.hidden = status.hidden = !on;
			if (on) {
				show(at);
			} else {
				unmark();
				draw();
			}
		};

		const previous = kit.button("← Previous", () => go(at - 1));
		const next = kit.button("Next →", () => go(at + 1));
		const all = kit.button("", () => guide(!isGuided), { class: "all" });
		figure.append(kit.make("div", { class: "walk-bar", role: "group", "aria-label": "Walk" }, previous, next, status, all));
		figure.tabIndex = 0;
		figure.setAttribute("aria-label", "Walk: the arrow keys lead from step to step");

		const moves = { ArrowRight: () => at + 1, ArrowLeft: () => at - 1, Home: () => 0, End: () => steps.length - 1 };
		figure.addEventListener("keydown", (event) => {
			const move = moves[event.key];
			if (!isGuided || !move || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey)
				return;
			event.preventDefault();
			go(move());
		});

		// The row, where this page has it; and else in the whole tree.
		for (const step of steps) {
			const link = step.querySelector(".walk-row");
			const links = link?.parentElement ?? step.appendChild(kit.make("p", { class: "walk-links" }));
			const row = calls.find(step.dataset.call);
			if (row) {
				const isAbove = row.compareDocumentPosition(figure) & Node.DOCUMENT_POSITION_FOLLOWING;
				const here = kit.make("a", { class: "walk-row", href: `#${step.dataset.call}` }, `in the tree ${isAbove ? "above" : "below"}`);
				links.prepend(here, link ? " · " : "");
			}
			if (link)
				link.href = `${link.getAttribute("href").replace(/#.*/, "")}#${step.dataset.call}`;
		}

		figure.classList.add("guided");
		isGuided = true;
		all.textContent = "All steps";
		// Nothing on the page is marked before the reader begins.
		steps[0].setAttribute("aria-current", "step");
		draw(steps[0]);
		status.textContent = `Step 1 of ${steps.length}`;
		previous.setAttribute("aria-disabled", true);
		return { steps, show, figure };
	};

	const walks = [...document.querySelectorAll("figure.walk-through")].map(prepare);

	const arrive = () => {
		const id = location.hash.slice(1);
		for (const { steps, show, figure } of walks) {
			const number = steps.findIndex((step) => step.id === id);
			if (number < 0)
				continue;
			show(number);
			figure.scrollIntoView({ block: "nearest" });
			figure.focus({ preventScroll: true });
		}
	};
	addEventListener("hashchange", arrive);
	if (walks.length)
		arrive();
}
