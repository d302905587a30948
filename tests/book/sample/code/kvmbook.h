/* What every program of the book needs: a call that is checked. */
#define CHECK(call) check((call), #call)

static inline int check(int result, const char *call)
{
	if (result < 0)
		err(1, "%s", call);
	return result;
}
