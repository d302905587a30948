// SPDX-License-Identifier: MIT
/* Unit tests of base/json: strings are UTF-8, whatever the bytes were. */
#include "unit.h"

#include "base/json.h"

#define FFFD "\357\277\275"

/* Returns the JSON between the quotes of TEXT. */
#define BECOMES(text, wanted)						\
	WRITES(json_print(out, json_text(text), JSON_LINE),		\
	       "\"" wanted "\"")

static void test_utf8_stays(void **state)
{
	(void)state;
	BECOMES("", "");
	BECOMES("abc/\303\251\342\202\254\360\237\230\200",
		"abc/\303\251\342\202\254\360\237\230\200");
	/* The first and the last character of each length. */
	BECOMES("\302\200\337\277", "\302\200\337\277");
	BECOMES("\340\240\200\357\277\277", "\340\240\200\357\277\277");
	BECOMES("\360\220\200\200\364\217\277\277",
		"\360\220\200\200\364\217\277\277");
	BECOMES("\355\237\277\356\200\200", "\355\237\277\356\200\200");
}

static void test_other_bytes_are_replaced(void **state)
{
	(void)state;
	BECOMES("a\200b", "a" FFFD "b");
	BECOMES("\377", FFFD);
	/* Bytes of forms too long, of surrogates, and of numbers too high. */
	BECOMES("\300\200", FFFD FFFD);
	BECOMES("\301\277", FFFD FFFD);
	BECOMES("\340\237\277", FFFD FFFD FFFD);
	BECOMES("\355\240\200", FFFD FFFD FFFD);
	BECOMES("\360\217\277\277", FFFD FFFD FFFD FFFD);
	BECOMES("\364\220\200\200", FFFD FFFD FFFD FFFD);
	BECOMES("\365\200\200\200", FFFD FFFD FFFD FFFD);
	/* Characters cut off, at the end and before another one. */
	BECOMES("x\342\202", "x" FFFD FFFD);
	BECOMES("\303x\342\202\254", FFFD "x\342\202\254");
	BECOMES("\377\303\251\377", FFFD "\303\251" FFFD);
}

/* json_text() must not look at bytes after its part of a text. */
static void test_a_part_ends_where_it_ends(void **state)
{
	(void)state;
	WRITES(json_print(out, json_text_part("x\342\202\254", 3), JSON_LINE),
	       "\"x" FFFD FFFD "\"");
	WRITES(json_print(out, json_text_part("x\303\251y", 3), JSON_LINE),
	       "\"x\303\251\"");
}

static void test_characters_that_json_keeps(void **state)
{
	(void)state;
	BECOMES("a\"b\\c/d", "a\\\"b\\\\c/d");
	BECOMES("\t\n\001", "\\t\\n\\u0001");
}

static void test_members(void **state)
{
	struct json_object *o = json_object_new_object();

	(void)state;
	json_add_text(o, "a", "x");
	json_add_text(o, "b", NULL);
	json_add_number(o, "c", UINT64_MAX);
	json_add(o, "d", json_object_new_array());
	WRITES(json_print(out, json_object_get(o), JSON_LINE),
	       "{\"a\":\"x\",\"b\":null,\"c\":18446744073709551615,\"d\":[]}");
	/* Each release of json-c prints empty things differently. */
	json_object_object_del(o, "d");
	WRITES(json_print(out, o, JSON_TREE),
	       "{\n  \"a\":\"x\",\n  \"b\":null,\n"
	       "  \"c\":18446744073709551615\n}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utf8_stays),
		cmocka_unit_test(test_other_bytes_are_replaced),
		cmocka_unit_test(test_a_part_ends_where_it_ends),
		cmocka_unit_test(test_characters_that_json_keeps),
		cmocka_unit_test(test_members),
	};

	return RUN_UNIT_TESTS(tests);
}
