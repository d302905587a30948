// Small things that the tools of the page are made with.
const kit = {
	// An element: kit.make("button", { type: "button" }, "Close").
	make(name, attributes = {}, ...inside) {
		const element = document.createElement(name);
		for (const [key, value] of Object.entries(attributes))
			if (value !== undefined && value !== false)
				element.setAttribute(key, value === true ? "" : value);
		element.append(...inside.filter((part) => part !== undefined && part !== null));
		return element;
	},

	button(text, does, attributes = {}) {
		const button = kit.make("button", { type: "button", ...attributes }, text);
		button.addEventListener("click", does);
		return button;
	},

	// What the reader chose once (keep() in base.js), or nothing.
	kept(name) {
		try {
			return localStorage.getItem(name);
		} catch {
			return null;
		}
	},

	// Tells who does not see the page what has changed on it.
	say(text) {
		kit.voice ??= document.body.appendChild(kit.make("p", { class: "aloud", role: "status" }));
		// The same words twice are news, too.
		kit.voice.textContent = kit.voice.textContent === text ? `${text}\u00a0` : text;
	},

	// Puts TEXT into the clipboard; says whether that went well.
	async copy(text) {
		try {
			await navigator.clipboard.writeText(text);
			return true;
		} catch {
			// From a file, or without leave, the old way may still be open.
		}
		const before = document.activeElement;
		const field = document.body.appendChild(kit.make("textarea", { class: "aloud", readonly: true, tabindex: "-1" }));
		field.value = text;
		field.select();
		let copied = false;
		try {
			copied = document.execCommand("copy");
		} catch {
			// Then the reader is told.
		}
		field.remove();
		before?.focus({ preventScroll: true });
		return copied;
	},
};
