// A bot of other people: grammY against the Telegram of ours. It does everything that ours does, each in its own way,
// and says what it saw, one JSON object a line.
const { Bot, InputFile, InlineKeyboard } = require('grammy');

const [token, apiRoot] = process.argv.slice(2);
const bot = new Bot(token, { client: { apiRoot } });
const say = (what) => console.log(JSON.stringify(what));

bot.command('stop', async (ctx) => {
  await ctx.reply('bye');
  await bot.stop();
});
bot.on('message:text', async (ctx) => {
  say({ text: ctx.message.text, from: ctx.from.id, private: ctx.chat.type === 'private' });
  const keyboard = new InlineKeyboard().text('one', 'f/s=one').row().copyText('copy', '12378');
  await ctx.replyWithChatAction('typing');
  await ctx.reply('<b>choose</b> & go', { reply_markup: keyboard, link_preview_options: { is_disabled: true } });
});
bot.on('callback_query:data', async (ctx) => {
  say({ pressed: ctx.callbackQuery.data, on: ctx.callbackQuery.message.text });
  await ctx.answerCallbackQuery();
  await ctx.editMessageText('chosen');
  try {
    await ctx.editMessageText('chosen');
  } catch (err) {
    say({ refused: err.error_code, because: err.description });
  }
});
bot.on('message:photo', async (ctx) => {
  const file = await ctx.getFile();
  const data = await fetch(`${apiRoot}/file/bot${token}/${file.file_path}`).then((r) => r.arrayBuffer());
  say({ group: ctx.message.media_group_id, caption: ctx.message.caption, size: data.byteLength });
  await ctx.replyWithDocument(new InputFile(Buffer.from('a file of ours'), 'record.txt'), { caption: 'here' });
});
bot.on('edited_message', (ctx) => say({ edited: ctx.editedMessage.text }));
bot.on('my_chat_member', (ctx) => say({ member: ctx.myChatMember.new_chat_member.status }));
bot.catch((err) => say({ error: err.error.error_code, because: err.error.description, retry: err.error.parameters?.retry_after }));

(async () => {
  await bot.api.setMyCommands([{ command: 'start', description: '开始' }]);
  say({ me: (await bot.api.getMe()).username, webhook: (await bot.api.getWebhookInfo()).url });
  await bot.start({ allowed_updates: ['message', 'edited_message', 'callback_query', 'my_chat_member'] });
  say({ stopped: true });
})();
