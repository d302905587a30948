// The menu in the header closes as menus do: by Escape, by a click elsewhere.
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
