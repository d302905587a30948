// The menus in the header close as menus do: by Escape, by a click elsewhere.
for (const menu of document.querySelectorAll("details.menu")) {
	document.addEventListener("click", event => {
		if (!menu.contains(event.target))
			menu.open = false;
	});
	menu.addEventListener("keydown", event => {
		if (event.key === "Escape" && menu.open) {
			menu.open = false;
			menu.querySelector("summary").focus();
		}
	});
}
// The chapter that a reader is in, for who does not see it marked.
for (const link of document.querySelectorAll(".menu a.here"))
	link.setAttribute("aria-current", link.title === "this page" ? "page" : "true");
