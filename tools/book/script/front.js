// On the first page: the search at the door of who looks something up.
{
	const list = document.querySelector(".look-up > p:last-of-type");
	const search = document.querySelector(".open-search");
	if (list && search)
		list.after(kit.button("Look something up", () => search.click(), { class: "ask-search", title: "Search (/)" }));
}
