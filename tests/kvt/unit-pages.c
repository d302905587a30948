// SPDX-License-Identifier: MIT
/* Unit tests of record/pages.h: how long a page of the ring buffer is. */
#include "unit.h"

#include "base/die.h"
#include "record/pages.h"

/* The file header_page of a kernel; OFFSET and SIZE are those of the data. */
#define HEADER(offset, size)						\
	"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"	\
	"\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"	\
	"\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"	\
	"\tfield: char data;\toffset:" #offset ";\tsize:" #size		\
	";\tsigned:0;\n"

static void test_sizes(void **state)
{
	(void)state;
	assert_int_equal(pages_size(HEADER(16, 4080)), 4096);
	assert_int_equal(pages_size(HEADER(16, 16368)), 16384);
	assert_int_equal(pages_size(HEADER(16, 32752)), 32768);
	assert_int_equal(pages_size(HEADER(16, 65520)), 65536);
}

static void ask_of_32_bits(void)
{
	pages_size(HEADER(12, 4084));
}

static void ask_of_nothing(void)
{
	pages_size("\tfield: u64 timestamp;\toffset:0;\tsize:8;\n");
}

static void test_other_heads(void **state)
{
	char *text = output_of(ask_of_32_bits);

	(void)state;
	assert_int_equal(exit_code_of(ask_of_32_bits), KVT_FAILED);
	assert_non_null(strstr(text, "has 12 bytes"));
	free(text);
	assert_int_equal(exit_code_of(ask_of_nothing), KVT_FAILED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_other_heads),
	};

	return RUN_UNIT_TESTS(tests);
}
