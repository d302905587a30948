// What the others share.

// Keeps a reader's choice, if the browser lets us; null forgets it.
const keep = (name, value) => {
	try {
		if (value === null)
			localStorage.removeItem(name);
		else
			localStorage.setItem(name, value);
	} catch {
		// Then it lasts as long as the page.
	}
};
