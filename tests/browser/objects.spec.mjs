// Pictures of objects: a box leads to its first call, keys get there by the
// words, and all of it is there without JavaScript.

import { test } from "./book.mjs";

const PAGE = "04-vcpu.html";

const figure = (page) => page.locator("figure.objects");
const box = (page, name) => figure(page).locator("svg a").filter({ hasText: name });

test("a box leads to its first call", async (t) => {
	const page = await t.open(PAGE);
	await box(page, "vcpu#0").click();
	await page.waitForURL(/04-vcpu-tree\.html#04-vcpu\/KVM_CREATE_VCPU\/kvm_vm_ioctl\//);
	t.ok((await page.locator(".kvt-tree .chosen").textContent()).includes("kvm_arch_vcpu_create"), "its row is the one that is marked");
});

test("the same in words", async (t) => {
	const page = await t.open(PAGE);
	t.is(await figure(page).locator("svg a:not([tabindex='-1'])").count(), 0, "the keyboard does not meet each link twice");
	await figure(page).getByText("The same in words").focus();
	await page.keyboard.press("Enter");
	t.ok(await figure(page).getByRole("link", { name: "kvm_arch_vcpu_create()" }).isVisible(), "Enter opens the words, and they have the links");
});
