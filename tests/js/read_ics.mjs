// Reads a calendar from stdin with ical.js (Thunderbird's parser) and prints what it understood, as JSON:
// start and end in UTC, by the VTIMEZONE in the text and nothing else.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(zone);
}
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  const attendees = component.getAllProperties("attendee");
  return {
    uid: event.uid,
    sequences: component.getAllProperties("sequence").map((property) => property.getFirstValue()),
    start: event.startDate.toJSDate().toISOString(),
    end: event.endDate.toJSDate().toISOString(),
    zone: event.startDate.zone.tzid,
    stamp: component.getFirstPropertyValue("dtstamp").toJSDate().toISOString(),
    status: component.getFirstPropertyValue("status"),
    summary: event.summary,
    description: event.description,
    location: event.location,
    attendees: attendees.map((property) => ({
      address: property.getFirstValue(),
      cn: property.getParameter("cn"),
      partstat: property.getParameter("partstat") ?? null,
    })),
    organizer: event.organizer,
    url: component.getFirstPropertyValue("url"),
    conference: component.getFirstPropertyValue("conference"),
  };
});
process.stdout.write(JSON.stringify({ method: calendar.getFirstPropertyValue("method"), events }));
