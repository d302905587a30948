/* SPDX-License-Identifier: MIT */
/* Does nothing: what `make bench` compares with. */
int main(void)
{
	return 0;
}
