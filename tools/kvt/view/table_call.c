// SPDX-License-Identifier: MIT
/* How a call looks in a table of calls. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/markup.h"
#include "base/memory.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "kernel/symbols.h"
#include "view/html.h"
#include "view/identity.h"
#include "view/table_call.h"

char *without_fields(const char *text)
{
	const char *brace, *end;
	struct buf b = { 0 };

	while ((brace = strstr(text, " {")) && (end = strchr(brace, '}'))) {
		buf_add(&b, text, brace - text);
		text = end + 1;
	}
	buf_puts(&b, text);
	return buf_take(&b);
}

/* A page on which N's name is a link only if the index has it. */
static struct page page_for(const struct table_page *p, const struct node *n)
{
	struct page page = p->page;

	if (!symbols_find(page.symbols, n->name))
		page.symbols = NULL;
	return page;
}

static void write_table_name(const struct page *page, const struct node *n)
{
	const struct symbol *s = n->kind == NODE_CALL ?
				 symbols_find(page->symbols, n->name) : NULL;
	struct markup *m = &page->out->m;
	size_t length;
	const char *name = identity_name(n, &length);

	if (s) {
		html_symbol(page, s);
		return;
	}
	markup_open_class(m, "span", n->kind == NODE_EVENT ? "ev" :
				     n->kind == NODE_SYSCALL ? "sys" : "fn");
	markup_text_part(m, name, length);
	markup_close(m);
}

void table_write_call(const struct table_page *p, const struct node *n,
		      enum table_part part)
{
	struct page page = page_for(p, n);
	struct node shown = *n;
	char *args = without_fields(n->args);
	char *result = n->result ? without_fields(n->result) : NULL;

	shown.args = args;
	shown.result = part == TABLE_BEGIN ? NULL : result;
	shown.open = n->open && part != TABLE_BEGIN;
	if (part == TABLE_END)
		markup_text(&page.out->m, "… ");
	if (part == TABLE_END || part == TABLE_NAME)
		write_table_name(&page, n);
	else
		html_call(&page, &shown);
	if (part == TABLE_END)
		html_result(&page, &shown);
	free(args);
	free(result);
}

void table_write_place(const struct table_page *p, const struct node *n)
{
	struct page page = page_for(p, n);

	if (!n->place)
		return;
	if (n->kind != NODE_SYSCALL) {
		html_call_site(&page, n->place);
		return;
	}
	markup_text(&page.out->m, " ");
	fragment_program_line(page.out, n->place, html_file_of(n->place));
}

void table_write_link(const struct table_page *p, const struct node *n)
{
	struct markup *m = &p->page.out->m;
	size_t length;
	const char *name = identity_name(n, &length);
	char *anchor;

	if (!p->rows)
		return;
	anchor = identity_link(p->identities, p->c, tree_shown(n));
	markup_text(m, " ");
	markup_open_class(m, "a", "to-row");
	markup_attribute_printf(m, "href", "%s#%s", p->rows, anchor);
	markup_attribute_printf(m, "aria-label", "%.*s in the whole capture",
				(int)length, name);
	markup_text(m, "#");
	markup_close(m);
	free(anchor);
}
