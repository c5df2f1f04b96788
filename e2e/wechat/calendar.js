// A file for the calendar as ical.js reads it: one JSON object.
const { readFileSync } = require('fs');

import('ical.js').then(({ default: ICAL }) => {
  const file = readFileSync(process.argv[2], 'utf8');
  const calendar = new ICAL.Component(ICAL.parse(file));
  const [event, ...more] = calendar.getAllSubcomponents('vevent').map((v) => new ICAL.Event(v));
  const [alarm] = event.component.getAllSubcomponents('valarm');
  console.log(JSON.stringify({
    events: 1 + more.length, uid: event.uid, summary: event.summary, description: event.description,
    start: event.startDate.toJSDate().toISOString(), minutes: event.duration.toSeconds() / 60,
    alarm: alarm.getFirstPropertyValue('action'), before: alarm.getFirstPropertyValue('trigger').toSeconds(),
  }));
});
