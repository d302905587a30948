// A switch between light and dark.  The choice is kept; one that is the
// system's own is forgotten, so that the page follows the system again.
{
	const root = document.documentElement;
	const system = matchMedia("(prefers-color-scheme: dark)");
	const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : system.matches;

	const button = document.createElement("button");
	button.className = "theme";
	button.type = "button";
	const say = () => {
		button.textContent = dark() ? "Light" : "Dark";
		button.setAttribute("aria-label", dark() ? "Light colors" : "Dark colors");
	};
	button.addEventListener("click", () => {
		const wanted = dark() ? "light" : "dark";
		if ((wanted === "dark") === system.matches) {
			delete root.dataset.theme;
			keep("theme", null);
		} else {
			root.dataset.theme = wanted;
			keep("theme", wanted);
		}
		say();
	});
	system.addEventListener("change", say);
	say();
	document.querySelector(".tools")?.append(button);
}
