// SPDX-License-Identifier: MIT
/* Unit tests of base/markup.h: escaping and nesting. */
#include "unit.h"

#include "base/markup.h"

static void test_text_is_escaped(void **state)
{
	(void)state;
	WRITES({
		struct markup m = { .out = out };

		markup_text(&m, "a<b> & \"c\" 'd'\302\240e\302\247\303\240");
		markup_end(&m);
	}, "a&lt;b&gt; &amp; &quot;c&quot; 'd'&nbsp;e\302\247\303\240");
	/* The two bytes of a no-break space belong together. */
	WRITES({
		struct markup m = { .out = out };

		markup_text_part(&m, "a\302\240", 2);
		markup_end(&m);
	}, "a\302");
}

static void test_attributes_are_escaped(void **state)
{
	(void)state;
	WRITES({
		struct markup m = { .out = out };

		markup_open(&m, "a");
		markup_attribute(&m, "href", "x?\"<&>");
		markup_attribute(&m, "open", NULL);
		markup_attribute_printf(&m, "data-n", "%d<%s", 7, "\"");
		markup_close(&m);
		markup_end(&m);
	}, "<a href=\"x?&quot;&lt;&amp;&gt;\" open data-n=\"7&lt;&quot;\"></a>");
}

static void test_elements_nest(void **state)
{
	(void)state;
	WRITES({
		struct markup m = { .out = out };

		markup_open_class(&m, "ul", "x");
		markup_open(&m, "li");
		markup_text(&m, "");
		markup_void(&m, "wbr");
		markup_leaf(&m, "b", "y", "1 < 2");
		markup_close(&m);
		markup_printf(&m, "%s\n", "&");
		markup_close(&m);
		markup_end(&m);
	}, "<ul class=\"x\"><li><wbr><b class=\"y\">1 &lt; 2</b></li>&amp;\n</ul>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_is_escaped),
		cmocka_unit_test(test_attributes_are_escaped),
		cmocka_unit_test(test_elements_nest),
	};

	return RUN_UNIT_TESTS(tests);
}
