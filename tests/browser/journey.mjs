// The pages in a real browser, as each of the four roles: the tasks are clicked through with script and without, every page is
// looked at by axe-core and the Nu HTML checker, and nothing may be said on the console. Takes a folder for screenshots.
//
//     node tests/browser/journey.mjs URL FOLDER      the program serves sample data at URL (tests/browser/run starts it)
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {chromium} from 'playwright-core';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const [url, folder] = process.argv.slice(2);
const password = 'seven lanterns by the harbour';
const axe = fs.readFileSync(path.join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
fs.mkdirSync(path.join(folder, 'html'), {recursive: true});

const browser = await chromium.launch({
  executablePath: process.env.CHROME ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync'],
});
const wrong = [];
let passed = 0;

function check(sentence, good, detail = '') {
  if (good) {
    passed += 1;
  } else {
    wrong.push(`${sentence} ${detail}`);
    console.log(`WRONG ${sentence} ${detail}`);
  }
}

/** A person with a browser of their own; what the console says is kept. */
class Person {
  static async of(name, options = {}) {
    const person = new Person();
    person.name = name;
    person.context = await browser.newContext({viewport: {width: 1280, height: 900}, reducedMotion: 'reduce', ...options});
    person.page = await person.context.newPage();
    person.said = [];
    person.page.on('console', (message) => {
      // A refused form is a 422, which the browser notes; that is no fault of the page.
      if (['error', 'warning'].includes(message.type()) && !/status of 4(22|04)/.test(message.text())) {
        person.said.push(`${person.page.url()}: ${message.text()}`);
      }
    });
    person.page.on('pageerror', (error) => person.said.push(String(error)));
    person.page.on('dialog', (dialog) => dialog.accept());
    return person;
  }

  async signIn() {
    await this.page.goto(`${url}/login`);
    await this.page.fill('main [name=username]', this.name);
    await this.page.fill('main [name=password]', password);
    await this.page.click('main button[type=submit]');
    await this.page.waitForLoadState();
    return new URL(this.page.url()).pathname;
  }

  async go(address) {
    const response = await this.page.goto(url + address);
    return response.status();
  }

  /** Fills the form that has the field `mark` and presses its button. */
  async submit(mark, fields, files = {}) {
    const form = this.page.locator(`main form:has([name="${mark}"])`).first();
    for (const [name, value] of Object.entries(fields)) {
      const field = form.locator(`[name="${name}"]`).first();
      const tag = await field.evaluate((element) => element.tagName);
      if (tag === 'SELECT') {
        await field.selectOption(value);
      } else {
        await field.fill(value);
      }
    }
    for (const [name, file] of Object.entries(files)) await form.locator(`[name="${name}"]`).setInputFiles(file);
    await Promise.all([this.page.waitForNavigation(), form.locator('button[type=submit]').first().click()]);
  }

  async press(action) {
    const button = this.page.locator(`form[action="${action}"] button[type=submit]`).first();
    await Promise.all([this.page.waitForNavigation(), button.click()]);
  }

  text() {
    return this.page.locator('main').innerText();
  }
}

/** Looks at one page wide and narrow, light and dark. */
async function look(person, address, name) {
  const {page} = person;
  await page.setViewportSize({width: 1280, height: 900});
  await page.emulateMedia({colorScheme: 'light'});
  const status = await person.go(address);
  // A worn-out code is refused with a page that says what to do.
  check(`${person.name} sees ${address}`, status === (address.includes('?code=') ? 422 : 200), `status ${status}`);
  for (const [width, scheme] of [[1280, 'light'], [390, 'light'], [390, 'dark'], [1280, 'dark']]) {
    await page.setViewportSize({width, height: 900});
    await page.emulateMedia({colorScheme: scheme});
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    check(`${address} does not scroll sideways at ${width}`, !wide);
    await page.screenshot({path: path.join(folder, `${name}-${width}-${scheme}.png`), fullPage: true});
    if (width === 1280 || scheme === 'dark') {
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run({resultTypes: ['violations']}));
      check(`axe finds nothing on ${address} (${width}, ${scheme})`, found.violations.length === 0,
            JSON.stringify(found.violations.map((v) => [v.id, v.nodes[0].html.slice(0, 160)])));
    }
  }
  const source = await person.context.request.get(url + address);
  const html = await source.text();
  check(`${address} has no inline script or style`, !/<script(?![^>]*\ssrc=)|<style|\sstyle="|\son[a-z]+="/.test(html));
  fs.writeFileSync(path.join(folder, 'html', `${name}.html`), html);
}

const people = {};
const homes = {ada: '/client', grace: '/helpdesk', luca: '/accountant', root: '/admin'};
people.nobody = await Person.of('nobody');
for (const [name, home] of Object.entries(homes)) {
  people[name] = await Person.of(name);
  const arrived = await people[name].signIn();
  check(`${name} signs in to ${home}`, arrived === home, arrived);
}

const pages = {
  nobody: ['/', '/login', '/register', '/forgot', '/pay', '/privacy', '/terms', '/verify?code=x', '/reset?code=x'],
  ada: ['/client', '/upcoming', '/orders', '/tickets', '/invoices', '/order', '/order?service=1', '/openticket', '/tickets/1',
        '/orders/1', '/invoices/1', '/invoices/1/pay', '/statement', '/account'],
  grace: ['/helpdesk', '/helpdesk?search=the', '/tickets/1/merge', '/helpdesk?due=overdue', '/helpdesk?status=open&priority=normal', '/tickets/1', '/tickets/2', '/cannedreplies', '/cannedreplies/new', '/cannedreplies/1', '/inbox', '/inbox/1', '/helpdesk/report', '/account'],
  luca: ['/accountant', '/suspensions', '/invoices/1', '/invoices/1/rectification', '/billing/simulation', '/clients/5/upcoming', '/billing/runs', '/accounting', '/accounting/vat', '/accounting/payments', '/accounting/debt', '/accounting/debt/6', '/accounting/bank', '/accounting/bank/statements/1', '/accounting/bank/transactions',
         '/accounting/bank/transactions/1', '/accounting/bank/transactions/3', '/invoices/4/pay',
         '/accounting/revenue', '/accounting/periods', '/billing/runs/1', '/taxrates', '/clients/5/billing', '/payments', '/payments/new', '/payments/new?client=5',
         '/payments/1', '/clients/5/statement'],
  root: ['/admin', '/manageusers', '/manageusers/new', '/manageusers/5', '/manageservices', '/manageservices/new',
         '/manageservices/1', '/managecoupons', '/managecoupons/new', '/manageorders', '/manageorders/new', '/manageorders/1', '/manageorders/1/change', '/managetickets',
         '/managetickets/new', '/managetickets/1', '/manageinvoices', '/manageinvoices/new', '/invoices/1', '/outbox',
         '/outbox/1', '/account'],
};
for (const [name, addresses] of Object.entries(pages)) {
  for (const address of addresses) {
    await look(people[name], address, `${name}${address.replace(/[^a-z0-9]+/gi, '-')}`);
  }
}

/** The accountant imports a statement: what names its invoice is recorded, the rest is matched by a click, set aside, undone. */
async function bank(how, luca, root, client) {
  const numbers = [];
  for (const price of ['31.50', '32.50']) {
    await root.go('/manageinvoices/new');
    await root.submit('line.1.description', {'client': client, 'description': `Bank ${how}`, 'line.1.description': 'Help',
                                             'line.1.quantity': '1', 'line.1.unit_price': price});
    const id = /\/(?:manage)?invoices\/(\d+)/.exec(root.page.url())[1];
    await root.go(`/manageinvoices/${id}`);
    await root.press(`/manageinvoices/${id}/issue`);
    await root.go(`/invoices/${id}/pay`);
    numbers.push(/F\d{4}-\d+/.exec(await root.text())[0]);
  }
  const day = new Date().toISOString().slice(0, 10);
  await luca.go('/accounting/bank');
  await luca.submit('file', {}, {file: {name: 'march.csv', mimeType: 'text/csv', buffer: Buffer.from(
      `Fecha;Concepto;Importe;Cuenta\n${day};factura ${numbers[0]} ${how};31,50;ES9121000418450200051332\n` +
      `${day};gracias ${how};32,50;ES9121000418450200051332\n${day};alquiler ${how};7,77;ES9121000418450200051332\n`)}});
  const statement = luca.page.url();
  for (let n = 0; n < 100 && !/by itself/.test(await luca.text()); n += 1) await luca.page.goto(statement);
  check(`a transfer that names its invoice is recorded by itself ${how}`, /by itself/.test(await luca.text()), await luca.text());
  await luca.go('/accounting/bank');
  const waiting = luca.page.locator('article', {hasText: `gracias ${how}`});
  const button = waiting.locator('li', {hasText: numbers[1]}).locator('button');
  await Promise.all([luca.page.waitForNavigation(), button.click()]);
  check(`the accountant records another by a click ${how}`, !(await luca.text()).includes(`gracias ${how}`));
  await luca.page.locator('article', {hasText: `alquiler ${how}`}).locator('h3 a').click();
  const transaction = new URL(luca.page.url()).pathname;
  await luca.submit('reason', {reason: 'rent of the flat'});
  await luca.go(transaction);
  check(`the accountant sets one aside ${how}`, (await luca.text()).includes('rent of the flat'));
  await luca.press(`${transaction}/undoing`);
  check(`and undoes that ${how}`, (await luca.text()).includes('was undone'), await luca.text());
}

/** Helpdesk sets a priority, keeps a search under a name, uses it, deletes it, and works with keys. */
async function queue(how, grace, ticket, script) {
  await grace.submit('priority', {priority: 'urgent'});
  check(`helpdesk sets the priority ${how}`, /priority to urgent/.test(await grace.text()), await grace.text());
  await grace.go('/helpdesk?priority=urgent&status=open');
  check(`helpdesk finds urgent tickets ${how}`, (await grace.text()).includes(`Question ${how}`));
  await grace.page.locator('.keeping summary').click();
  await grace.submit('name', {name: `Urgent ${how}`});
  await grace.go('/helpdesk');
  await Promise.all([grace.page.waitForNavigation(), grace.page.locator('.tabs a', {hasText: `Urgent ${how}`}).click()]);
  check(`helpdesk keeps a search under a name ${how}`, (await grace.text()).includes(`Question ${how}`));
  if (script) {
    await grace.page.keyboard.press('?');
    check('? shows the keys', await grace.page.locator('dialog.keys').isVisible());
    await grace.page.keyboard.press('Escape');
    await grace.page.locator('dialog.keys').waitFor({state: 'hidden'});
    // The help gives the focus back in its own time.
    await grace.page.waitForFunction(() => !document.querySelector('dialog.keys').contains(document.activeElement));
    const search = grace.page.locator('.list-search input');
    await grace.page.keyboard.press('/');
    await grace.page.waitForFunction(() => document.activeElement.matches('.list-search input'));
    await search.pressSequentially('jo?');
    check('keys are typed into fields as they are', await search.inputValue() === 'jo?', await search.inputValue());
    await search.blur();
    await grace.page.keyboard.press('j');
    await Promise.all([grace.page.waitForNavigation(), grace.page.keyboard.press('o')]);
    check('j and o open the first ticket', /\/tickets\/\d+$/.test(grace.page.url()), grace.page.url());
    await grace.page.keyboard.press('r');
    check('r leads to the reply', await grace.page.evaluate(() => document.activeElement.name === 'body'));
  }
  await grace.go('/helpdesk');
  await grace.page.locator('.keeping summary').click();
  await grace.submit('filter', {});
  check(`helpdesk deletes a saved search ${how}`, !(await grace.page.locator('.tabs').innerText()).includes(`Urgent ${how}`));
}

/** Helpdesk finds a ticket by a word of a reply, relates it, is seen by a colleague, answers at once with her, and merges a double. */
async function together(how, ada, grace, root, ticket, script) {
  const double = async (subject) => {
    await ada.go('/openticket');
    await ada.submit('subject', {subject, body: `Once more, about marzipan ${how}.`});
    return /\/tickets\/(\d+)/.exec(ada.page.url())[1];
  };
  const second = await double(`Double ${how}`);
  const third = await double(`Kin ${how}`);
  await grace.go('/helpdesk?search=MARZIPÁN');
  check(`helpdesk finds a word of a text ${how}`, await grace.page.locator('mark', {hasText: 'marzipan'}).count() >= 2, await grace.text());
  await ada.go('/tickets?search=marzip');
  check(`a client finds a word of a text ${how}`, (await ada.text()).includes(`Double ${how}`), await ada.text());
  await grace.go(`/tickets/${ticket}`);
  await grace.page.locator('summary', {hasText: 'merge'}).click();
  await grace.submit('other', {other: `#${third}`});
  check(`helpdesk relates two tickets ${how}`, (await grace.page.locator('.related').innerText()).includes(`Kin ${how}`));
  if (script) {
    await root.go(`/tickets/${ticket}`);
    await root.page.locator('#reply-title ~ form textarea').first().fill('I am writing');
    await root.page.waitForResponse((response) => response.url().endsWith('/presence'));
    await grace.go(`/tickets/${ticket}`);
    check('a colleague is seen at the ticket', /root is (replying|looking)/.test(await grace.text()), await grace.text());
  }
  await root.go(`/tickets/${ticket}`);
  await grace.go(`/tickets/${ticket}`);
  await grace.page.locator('#reply-body').fill(`First answer ${how}`);
  await Promise.all([grace.page.waitForNavigation(), grace.page.locator('form:has(#reply-body) button[type=submit]').first().click()]);
  await root.page.locator('#reply-body').fill(`Second answer ${how}`);
  await Promise.all([root.page.waitForNavigation(), root.page.locator('form:has(#reply-body) button[type=submit]').first().click()]);
  check(`who answers second reads the first answer ${how}`, (await root.page.locator('.callout').innerText()).includes(`First answer ${how}`), await root.text());
  check(`and keeps what was typed ${how}`, await root.page.inputValue('#reply-body') === `Second answer ${how}`);
  await Promise.all([root.page.waitForNavigation(), root.page.locator('form:has(#reply-body) button[type=submit]').first().click()]);
  check(`and sends it then ${how}`, (await root.text()).includes('Your message was sent.') || (await root.page.innerText('body')).includes('was sent'));
  await grace.go(`/tickets/${second}/merge`);
  await grace.submit('into', {into: ticket});
  check(`helpdesk is asked before a merger ${how}`, (await grace.text()).includes('cannot be undone'), await grace.text());
  await grace.press(`/tickets/${second}/merge`);
  await ada.go(`/tickets/${second}`);
  check(`the old number leads to the ticket that is left ${how}`, ada.page.url().endsWith(`/tickets/${ticket}`) && (await ada.text()).includes(`marzipan ${how}`), ada.page.url());
}

/** Every task of the four roles; `how` is "with script" or "without script". */
async function work(how, options) {
  const ada = await Person.of('ada', options);
  const grace = await Person.of('grace', options);
  const luca = await Person.of('luca', options);
  const root = await Person.of('root', options);
  for (const person of [ada, grace, luca, root]) await person.signIn();

  await ada.go('/order?service=1');
  await ada.submit('option.cpu', {'name': `box ${how}`, 'option.cpu': '2', 'option.ram': '4', 'option.ssd': '20'});
  check(`a client orders ${how}`, (await ada.text()).includes(`box ${how}`));
  const order = /\/orders\/(\d+)/.exec(ada.page.url())?.[1];
  check(`the order has a page ${how}`, Boolean(order), ada.page.url());

  await root.go(`/manageorders/${order}`);
  await root.submit('status', {status: 'active'});
  await ada.go(`/orders/${order}`);
  check(`an admin activates it ${how}`, /active/i.test(await ada.text()));

  await ada.go('/openticket');
  await ada.submit('subject', {subject: `Question ${how}`, body: 'How do I start it?'});
  const ticket = /\/tickets\/(\d+)/.exec(ada.page.url())?.[1];
  check(`a client opens a ticket ${how}`, Boolean(ticket), ada.page.url());
  await grace.go(`/tickets/${ticket}`);
  await grace.press(`/tickets/${ticket}/assignment`);
  await queue(how, grace, ticket, options.javaScriptEnabled !== false);
  await together(how, ada, grace, root, ticket, options.javaScriptEnabled !== false);
  await grace.go(`/tickets/${ticket}`);
  await grace.go('/cannedreplies/new');
  await grace.submit('name', {name: `Start ${how}`, category: 'Servers', body: ' Press the button, {client}.'});
  await grace.go(`/tickets/${ticket}`);
  const canned = await grace.page.locator('[name=canned] option', {hasText: `Start ${how}`}).getAttribute('value');
  if (options.javaScriptEnabled !== false) await grace.page.fill('#reply-body', 'Hello.');
  await grace.page.selectOption('[name=canned]', canned);
  if (options.javaScriptEnabled === false) {
    await Promise.all([grace.page.waitForNavigation(), grace.page.click('.canned button')]);
  } else {
    await grace.page.click('.canned button');
    await grace.page.waitForFunction(() => document.querySelector('#reply-body').value.includes('button'));
  }
  const written = await grace.page.inputValue('#reply-body');
  check(`a canned reply goes into the reply ${how}`, written === `${options.javaScriptEnabled === false ? '' : 'Hello.'} Press the button, ada.`, written);
  await grace.submit('body', {body: `${written} Press the button.`});
  await ada.go(`/tickets/${ticket}`);
  check(`helpdesk takes and answers it ${how}`, (await ada.text()).includes('Press the button.'));
  await grace.go(`/tickets/${ticket}`);
  await grace.submit('comment', {status: 'closed', comment: 'Found it.'});
  await ada.go(`/tickets/${ticket}`);
  check(`helpdesk closes it ${how}`, (await ada.text()).includes('Found it.'));

  await root.go('/outbox');
  const told = root.page.locator('main tbody tr', {hasText: 'ticket closed'}).filter({hasText: 'ada@'}).first();
  await Promise.all([root.page.waitForNavigation(), told.locator('a').first().click()]);
  const rating = /\/ratings\/[0-9a-f.]+/.exec(await root.text())?.[0];
  const reader = await Person.of('nobody', options);
  await reader.go(`${rating}?answer=good`);
  await reader.submit('answer', {comment: `Quick ${how}`});
  check(`who is mailed about a closing rates it ${how}`, /Good/.test(await reader.text()), await reader.text());
  await grace.go(`/tickets/${ticket}`);
  check(`the helpdesk reads it on the ticket ${how}`, (await grace.text()).includes(`Quick ${how}`));
  await grace.go('/helpdesk/report');
  check(`and in the month's report ${how}`, (await grace.text()).includes(`Quick ${how}`));
  check(`the reader of a mail is left alone ${how}`, reader.said.length === 0, reader.said.join('; '));

  await grace.go('/account');
  await grace.submit('messages', {locale: 'es', messages: 'all'});
  await grace.go('/account');
  check(`helpdesk chooses its mails ${how}`, await grace.page.inputValue('main [name=messages]') === 'all');
  await grace.submit('messages', {locale: '', messages: 'mine'});

  await root.go('/manageinvoices/new');
  const client = await root.page.locator('main [name=client] option', {hasText: 'ada'}).first().getAttribute('value');
  await root.submit('line.1.description', {'client': client, 'description': `Help ${how}`, 'line.1.description': 'An hour of help',
                                           'line.1.quantity': '1', 'line.1.unit_price': '30'});
  const invoice = /\/(?:manage)?invoices\/(\d+)/.exec(root.page.url())?.[1];
  check(`an admin writes an invoice ${how}`, Boolean(invoice), root.page.url());
  await root.go(`/manageinvoices/${invoice}`);
  await root.press(`/manageinvoices/${invoice}/issue`);
  await luca.go(`/invoices/${invoice}`);
  await luca.submit('amount', {amount: '20.00', method: 'transfer'});
  check(`the accountant records a part ${how}`, /partly paid/i.test(await luca.text()), await luca.text());
  await luca.submit('amount', {amount: '20.00', method: 'transfer', reference: 'too much'});
  await ada.go(`/invoices/${invoice}`);
  check(`the accountant records the rest and more ${how}`, /paid/i.test(await ada.text()) && !/partly paid/i.test(await ada.text()), await ada.text());

  await luca.go(`/clients/${client}/statement`);
  const credit = /at most (\d+\.\d\d)/.exec(await luca.text())?.[1];
  check(`what was too much is the client's credit ${how}`, Boolean(credit), await luca.text());
  await luca.submit('amount', {amount: credit, method: 'transfer', reference: `back ${how}`});
  await luca.go(`/clients/${client}/statement`);
  check(`the accountant pays it back ${how}`, !/at most/.test(await luca.text()) && (await luca.text()).includes(`back ${how}`), await luca.text());
  for (const [kind, type] of [['Download the PDF', 'application/pdf'], ['Download as CSV', 'text/csv']]) {
    const address = await luca.page.locator('main a', {hasText: kind}).first().evaluate((link) => link.href);
    const file = await luca.context.request.get(address);
    check(`the accountant takes the statement along, ${type} ${how}`, file.status() === 200 && file.headers()['content-type'].startsWith(type), address);
  }

  await luca.go(`/invoices/${invoice}/rectification`);
  const back = luca.page.locator('main form[action$="/rectification"]');
  await back.locator('[name=way]').evaluate((field) => field.tagName) === 'SELECT' ?
    await back.locator('[name=way]').selectOption('lines') : await back.locator('[name=way][value=lines]').check();
  await back.locator('[name^="line."]').first().fill('10');
  await back.locator('[name=reason]').fill(`Twenty minutes less ${how}`);
  await Promise.all([luca.page.waitForNavigation(), back.locator('[name=preview]').click()]);
  check(`the accountant sees what would be taken back ${how}`, (await luca.text()).includes('Nothing is issued yet') && /-10\.00/.test(await luca.text().then((text) => text.replace('−', '-'))), await luca.text());
  await Promise.all([luca.page.waitForNavigation(), back.locator('button[type=submit]:not([name=preview])').click()]);
  check(`the accountant rectifies a part ${how}`, /R\d{4}-\d+/.test(await luca.text()), `${luca.page.url()} ${await luca.text()}`);

  await bank(how, luca, root, client);

  await luca.go('/billing/runs');
  await luca.press('/billing/runs');
  await luca.page.waitForFunction(() => /\bdone\b/.test(document.querySelector('main').innerText)).catch(() => {});
  check(`the accountant starts a billing run and sees it end ${how}`, /\bdone\b/.test(await luca.text()), await luca.text());

  await root.go(`/manageorders/${order}/change`);
  const change = root.page.locator('main form[action$="/change"]');
  await change.locator('[name=billing]').fill('99 €/mo');
  await Promise.all([root.page.waitForNavigation(), change.locator('[name=preview]').click()]);
  check(`an admin sees what a change would give back and charge ${how}`, /are given back[^]*are charged/.test(await root.text()), await root.text());
  await root.submit('billing', {});
  check(`an admin changes a price within a billed month ${how}`, /were given back/.test(await root.page.innerText('body')), root.page.url());
  await ada.go(`/orders/${order}`);
  check(`a client reads what was billed and given back ${how}`, /given back[^]*Kept/.test(await ada.text()));

  await luca.go('/billing/simulation');
  await luca.submit('until', {client: 'ada'});
  await luca.page.locator('details summary').first().click();
  check(`the accountant reads why a line will be billed ${how}`, await luca.page.locator('details[open] p').first().isVisible());
  await luca.go('/accounting/vat');
  await luca.page.locator('main select[name=period]').selectOption({index: 0});
  if (options.javaScriptEnabled === false) await luca.page.locator('main .list-tools button').click();
  await luca.page.waitForURL(/period=\d{4}(&|$)/).catch(() => {});
  check(`the accountant looks at a whole year ${how}`, /F\d{4}-\d+/.test(await luca.text()), luca.page.url());
  await luca.go('/accounting/revenue');
  check(`the accountant reads the charts ${how}`, await luca.page.locator('svg[role=img]').count() === 3);
  await luca.go('/accounting/periods');
  const closing = await luca.page.locator('#closing').innerText();
  await luca.press('/accounting/periods');
  check(`the accountant closes a month ${how}`, (await luca.text()).includes(closing.replace(/^Close /, 'closed up to ')), closing);

  await root.go('/manageservices/new');
  await root.submit('billing', {name: `Backup ${how}`, type: 'standard', billing: '2 €/mo', description: 'Kept elsewhere.'});
  await root.go('/manageservices');
  check(`an admin adds a service ${how}`, (await root.text()).includes(`Backup ${how}`));
  await root.go('/manageservices/new');
  await root.submit('billing', {name: 'Broken', type: 'standard', billing: '2 bananas'});
  check(`a wrong price is refused with what was typed ${how}`,
        await root.page.locator('main [name=billing]').first().inputValue() === '2 bananas');
  await root.page.evaluate(axe).catch(() => {});
  await root.page.screenshot({path: path.join(folder, `refused-${how.replace(' ', '-')}.png`), fullPage: true});
  for (const person of [ada, grace, luca, root]) {
    check(`the console is silent for ${person.name} ${how}`, person.said.length === 0, person.said.join('\n'));
    await person.context.close();
  }
}
await work('with script', {});
await work('without script', {javaScriptEnabled: false});

for (const person of Object.values(people)) {
  check(`the console is silent for ${person.name}`, person.said.length === 0, [...new Set(person.said)].join('\n'));
}
await browser.close();

const files = fs.readdirSync(path.join(folder, 'html')).map((file) => path.join(folder, 'html', file));
let faults = '';
try {
  execFileSync('java', ['-jar', path.join(root, 'node_modules/vnu-jar/build/dist/vnu.jar'), '--errors-only', ...files], {stdio: 'pipe'});
} catch (error) {
  faults = error.stderr.toString();
}
check('the Nu HTML checker finds no error', faults === '', faults);

console.log(`${passed} passed, ${wrong.length} failed`);
process.exit(wrong.length === 0 ? 0 : 1);
