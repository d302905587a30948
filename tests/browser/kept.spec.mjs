// Places of the book look as they did when somebody looked at them and accepted
// what they saw.

import { readdirSync } from "node:fs";
import { test } from "./book.mjs";
import { check, kept, places, taken } from "./kept.mjs";

for (const place of places)
	test(place.name, async (t) => {
		const wrong = await check(t, place);
		t.ok(!wrong, `${place.page} looks as it did`, `${wrong}
look at ${taken(place.name)}
if it is right: node tests/browser/accept.mjs ${place.name}`);
	});

test("pictures", async (t) => {
	t.ok(places.length >= 20, `${places.length} are kept`);
	t.none(readdirSync(kept).filter((name) => !places.some((place) => `${place.name}.png` === name)), "none is of a place that is gone");
});
