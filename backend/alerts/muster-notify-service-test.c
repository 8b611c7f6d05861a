/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/muster-core-test-util.h"
#include "core/muster-journal.h"
#include "model/muster-alert-rule.h"
#include "model/muster-alert.h"
#include "model/muster-device-event.h"
#include "model/muster-escalation.h"
#include "model/muster-notification-channel.h"
#include "model/muster-person.h"
#include "model/muster-time.h"
#include "muster-alert-service.h"
#include "muster-notify-service.h"

/* A Monday, by a clock that goes on when it is told to. */
#define BEGIN "2026-11-30T12:00:00Z"
#define S(seconds) ((gint64)(seconds) * G_USEC_PER_SEC)
#define PATIENCE_MSEC 20000
#define QUIET_MSEC 150

typedef struct
{
  MusterTestDir       *dir;
  MusterClock         *clock;
  MusterBus           *bus;
  MusterDatabase      *database;
  MusterRepository    *repository;
  MusterNotifyService *service;
  MusterSettings      *settings; /* (nullable) */
  GPtrArray           *told;     /* (element-type utf8): "console: subject", "siren: value" */
} World;

static void
told_cb (MusterEvent *event, gpointer user_data)
{
  World *world = user_data;
  g_autoptr (JsonNode) node = NULL;
  JsonObject      *object;
  gsize            length;
  const char      *text = g_bytes_get_data (muster_event_get_json (event), &length);
  g_autofree char *json = g_strndup (text, length);

  node = json_from_string (json, NULL);
  object = json_node_get_object (node);
  g_ptr_array_add (world->told,
                   g_strdup_printf ("%s: %s", json_object_get_string_member (object, "channel"),
                                    json_object_get_string_member (object, "title")));
}

static DexFuture *
siren (const char *device_id, const char *metric, const char *value, gpointer user_data)
{
  g_ptr_array_add (((World *)user_data)->told, g_strdup_printf ("siren: %s=%s", metric, value));
  return dex_future_new_true ();
}

static void
world_start (World *self)
{
  self->service = muster_notify_service_new (self->repository, self->bus, self->settings);
  muster_notify_service_set_siren (self->service, siren, self);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->service)));
}

static void
world_stop (World *self)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->service)));
  g_clear_object (&self->service);
}

static World *
world_new (void)
{
  World *self = g_new0 (World, 1);
  gint64 begin = 0;

  g_assert_true (muster_time_parse (BEGIN, &begin));
  self->dir = muster_test_dir_new ();
  self->clock = muster_manual_clock_new (begin);
  self->bus = muster_bus_new ();
  self->database = muster_test_database_new (self->dir, self->clock, self->bus);
  self->repository = muster_repository_new (self->database);
  self->told = g_ptr_array_new_with_free_func (g_free);
  muster_bus_subscribe (self->bus, MUSTER_TOPIC_NOTIFICATION, G_OBJECT (self->repository), told_cb,
                        self);
  world_start (self);
  return self;
}

static void
world_free (World *self)
{
  if (self->service != NULL)
    world_stop (self);
  g_clear_object (&self->settings);
  g_clear_object (&self->repository);
  muster_test_database_free (self->database);
  g_object_unref (self->bus);
  g_object_unref (self->clock);
  g_ptr_array_unref (self->told);
  muster_test_dir_free (self->dir);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

/* --- what is there --- */

/* Stores a new record of INFO with the members JSON: its id (transfer full). */
static char *
add (World *self, const MusterEntityInfo *info, const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (json, &error);
  g_autoptr (MusterEntity) entity = muster_entity_new (info);
  g_autoptr (MusterEntity) stored = NULL;
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");

  g_assert_no_error (error);
  muster_entity_decode (entity, json_node_get_object (node), MUSTER_DECODE_TRUSTED, "", &error);
  g_assert_no_error (error);
  stored =
    muster_test_await_object (muster_repository_insert (self->repository, actor, NULL, entity));
  return g_strdup (muster_entity_get_id (stored));
}

static char *
add_channel (World *self, const char *kind, const char *more)
{
  g_autofree char *json =
    g_strdup_printf ("{\"name\":\"%s\",\"kind\":\"%s\",\"enabled\":true%s}", kind, kind, more);

  return add (self, &muster_notification_channel_info, json);
}

/* STEPS: with %s for CHANNEL, and for OTHER (nullable). */
static char *
add_escalation (World *self, const char *steps, const char *more)
{
  g_autofree char *json =
    g_strdup_printf ("{\"name\":\"E\",\"is_default\":true,\"steps\":%s%s}", steps, more);

  return add (self, &muster_escalation_info, json);
}

static char *
raise_alert (World *self, const char *title, const char *more)
{
  static unsigned  n_alerts;
  char             now[MUSTER_TIME_TEXT_LENGTH + 1];
  g_autofree char *json = NULL;

  muster_time_format (muster_clock_get_now (self->clock), now);
  json = g_strdup_printf ("{\"title\":\"%s\",\"dedupe_key\":\"%u\",\"raised_at\":\"%s\","
                          "\"last_at\":\"%s\"%s}",
                          title, ++n_alerts, now, now, more);
  return add (self, &muster_alert_info, json);
}

static void
set (World *self, const char *id, void (*change) (MusterEntity *alert, gint64 now))
{
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");
  g_autoptr (MusterEntity) alert = muster_test_await_object (
    muster_repository_get (self->repository, &muster_alert_info, id));
  g_autoptr (MusterEntity) changed = muster_entity_copy (alert);

  change (changed, muster_clock_get_now (self->clock));
  muster_test_await (muster_repository_update (self->repository, actor, NULL, changed, 0));
}

static void
acknowledge (MusterEntity *alert, gint64 now)
{
  muster_entity_set_enum (alert, "status", MUSTER_ALERT_STATUS_ACKNOWLEDGED);
  muster_entity_set_integer (alert, "acknowledged_at", now);
}

static void
resolve (MusterEntity *alert, gint64 now)
{
  muster_entity_set_enum (alert, "status", MUSTER_ALERT_STATUS_RESOLVED);
  muster_entity_set_integer (alert, "resolved_at", now);
}

static void
worsen (MusterEntity *alert, gint64 now)
{
  muster_entity_set_enum (alert, "severity", MUSTER_SEVERITY_ERROR);
}

static void
silence (MusterEntity *alert, gint64 now)
{
  muster_entity_set_integer (alert, "silenced_until", now + S (600));
}

/* The default escalation of a new site tells its consoles: it makes room. */
static void
clear_default (World *self)
{
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");

  muster_test_await (muster_repository_delete (self->repository, actor, NULL,
                                               &muster_escalation_info,
                                               "01900000-0000-7000-8000-0000000000e1", 0));
}

/* --- what comes of it --- */

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Channels that are told at the same moment are told side by side: either may be the first. */
static char *
sort_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  qsort (lines, g_strv_length (lines), sizeof *lines, compare_lines);
  return g_strjoinv ("\n", lines);
}

/* Waits until what was told since the last time is EXPECTED, a line each; and that it is no more.
 */
static void
expect (World *self, const char *expected)
{
  g_autofree char *told = NULL;
  g_autofree char *sorted_told = NULL;
  g_autofree char *sorted_expected = NULL;
  unsigned         n_expected = 0;

  for (const char *p = expected; *p != '\0'; p++)
    n_expected += p == expected || p[-1] == '\n';
  for (unsigned i = 0; self->told->len < n_expected && i < PATIENCE_MSEC / 5; i++)
    muster_test_sleep (5);
  muster_test_sleep (QUIET_MSEC);
  g_ptr_array_add (self->told, NULL);
  told = g_strjoinv ("\n", (char **)self->told->pdata);
  g_ptr_array_set_size (self->told, 0);
  sorted_told = sort_lines (told);
  sorted_expected = sort_lines (expected);
  g_assert_cmpstr (sorted_told, ==, sorted_expected);
}

static void
go_on (World *self, unsigned seconds)
{
  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (self->clock), S (seconds));
  muster_notify_service_check (self->service);
}

static void
test_default (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *alert = raise_alert (world, "Hot", ",\"severity\":\"warning\"");

  expect (world, "console: Warning: Hot");
  go_on (world, 86400);
  expect (world, "");
  set (world, alert, resolve);
  expect (world, "console: Resolved: Hot");
  go_on (world, 86400);
  expect (world, "");
}

static void
come_back (MusterEntity *alert, gint64 now)
{
  muster_entity_set_enum (alert, "status", MUSTER_ALERT_STATUS_OPEN);
  muster_entity_set_null (alert, "resolved_at");
  muster_entity_set_integer (alert, "occurrences", 2);
}

static void
resolve_by_hand (MusterEntity *alert, gint64 now)
{
  resolve (alert, now);
  muster_entity_set_string (alert, "resolved_by", "Ann");
}

/* What comes and goes is told once, and that it is over when that is certain. */
static void
test_flapping (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *alert = NULL;
  g_autofree char *other = NULL;

  world_stop (world);
  world->settings = muster_settings_new (world->database);
  muster_settings_register (world->settings, muster_alert_settings);
  muster_settings_register (world->settings, muster_notify_settings);
  muster_test_await (muster_settings_load (world->settings, NULL));
  world_start (world);
  alert = raise_alert (world, "Hot", "");
  expect (world, "console: Warning: Hot");
  for (unsigned i = 0; i < 3; i++)
    {
      set (world, alert, resolve);
      go_on (world, 200);
      set (world, alert, come_back);
      go_on (world, 10);
    }
  expect (world, "");
  set (world, alert, resolve);
  go_on (world, 200);
  world_stop (world);
  world_start (world);
  expect (world, "");
  go_on (world, 101);
  expect (world, "console: Resolved: Hot");
  /* A person's word counts at once. */
  other = raise_alert (world, "Wet", "");
  expect (world, "console: Warning: Wet");
  set (world, other, resolve_by_hand);
  expect (world, "console: Resolved: Wet");
}

static void
test_steps (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *console = add_channel (world, "console", "");
  g_autofree char *desktop = add_channel (world, "desktop", ",\"min_severity\":\"warning\"");
  g_autofree char *steps =
    g_strdup_printf ("[{\"after_seconds\":0,\"channels\":[\"%s\"],\"repeat_seconds\":120},"
                     "{\"after_seconds\":300,\"channels\":[\"%s\",\"%s\"]}]",
                     console, console, desktop);
  g_autofree char *escalation = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *small = NULL;

  clear_default (world);
  escalation = add_escalation (world, steps, "");
  first = raise_alert (world, "Hot", "");
  expect (world, "console: Warning: Hot");
  go_on (world, 120);
  expect (world, "console: Still open: Warning: Hot");
  second = raise_alert (world, "Wet", "");
  expect (world, "console: Warning: Wet");
  set (world, second, acknowledge);
  go_on (world, 180);
  expect (world, "console: Warning: Hot\ndesktop: Warning: Hot");
  small = raise_alert (world, "Late", ",\"severity\":\"info\"");
  expect (world, "console: Information: Late");
  go_on (world, 300);
  expect (world, "console: Information: Late");
  /* each is resolved to those who were told of it */
  set (world, first, resolve);
  set (world, second, resolve);
  set (world, small, resolve);
  expect (world, "console: Resolved: Hot\ndesktop: Resolved: Hot\nconsole: Resolved: Wet\nconsole: "
                 "Resolved: Late");
}

static void
test_worse (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *alert = raise_alert (world, "Hot", ",\"severity\":\"warning\"");

  expect (world, "console: Warning: Hot");
  set (world, alert, worsen);
  expect (world, "console: Error: Hot");
}

static void
test_silent (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *rule =
    add (world, &muster_alert_rule_info,
         "{\"name\":\"R\",\"kind\":\"threshold\",\"metric\":\"m\",\"value\":1,\"quiet_hours\":"
         "[{\"from\":\"11:00\",\"to\":\"13:00\"}]}");
  g_autofree char *more = g_strdup_printf (",\"rule_id\":\"%s\"", rule);
  g_autofree char *cause = raise_alert (world, "Gateway", "");
  g_autofree char *of_cause = g_strdup_printf (",\"cause_id\":\"%s\"", cause);
  g_autofree char *child = NULL;
  g_autofree char *quiet = NULL;
  g_autofree char *silenced = NULL;

  expect (world, "console: Warning: Gateway");
  child = raise_alert (world, "Unreachable", of_cause);
  expect (world, "");
  set (world, child, resolve);
  expect (world, "");
  silenced = raise_alert (world, "Loud", ",\"silenced_until\":\"2026-11-30T12:10:00Z\"");
  expect (world, "");
  go_on (world, 600);
  expect (world, "console: Warning: Loud");
  set (world, silenced, silence);
  set (world, silenced, resolve);
  expect (world, "");
  /* until 13:00 by the clocks of the site; where it has none, by those of the machine */
  quiet = raise_alert (world, "Quiet", more);
  expect (world, "");
  go_on (world, 3000);
  expect (world, "console: Warning: Quiet");
}

static void
test_siren (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *channel = add_channel (
    world, "siren",
    ",\"config\":{\"device_id\":\"01900000-0000-7000-8000-0000000000d1\",\"metric\":\"horn\","
    "\"value\":true,\"off_value\":false,\"seconds\":30}");
  g_autofree char *steps =
    g_strdup_printf ("[{\"after_seconds\":0,\"channels\":[\"%s\"]}]", channel);
  g_autofree char *escalation = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;

  clear_default (world);
  escalation = add_escalation (world, steps, "");
  first = raise_alert (world, "Fire", "");
  expect (world, "siren: horn=true");
  go_on (world, 20);
  second = raise_alert (world, "Water", "");
  expect (world, "siren: horn=true");
  /* the first one's time is over, the second one's not */
  go_on (world, 10);
  expect (world, "");
  go_on (world, 20);
  expect (world, "siren: horn=false");
  third = raise_alert (world, "Smoke", "");
  expect (world, "siren: horn=true");
  set (world, third, acknowledge);
  expect (world, "siren: horn=false");
}

static void
test_restart (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *console = add_channel (world, "console", "");
  g_autofree char *steps = g_strdup_printf ("[{\"after_seconds\":0,\"channels\":[\"%s\"]},"
                                            "{\"after_seconds\":300,\"channels\":[\"%s\"]}]",
                                            console, console);
  g_autofree char *escalation = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  clear_default (world);
  escalation = add_escalation (world, steps, "");
  first = raise_alert (world, "Hot", "");
  expect (world, "console: Warning: Hot");
  world_stop (world);
  second = raise_alert (world, "Unseen", "");
  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (world->clock), S (400));
  world_start (world);
  /* what was missed is told late, and once */
  expect (world, "console: Warning: Hot\nconsole: Warning: Unseen\nconsole: Warning: Unseen");
  world_stop (world);
  set (world, first, resolve);
  world_start (world);
  expect (world, "console: Resolved: Hot");
}

static void
test_begins_again (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *console = add_channel (world, "console", "");
  g_autofree char *steps =
    g_strdup_printf ("[{\"after_seconds\":0,\"channels\":[\"%s\"]}]", console);
  g_autofree char *escalation = NULL;
  g_autofree char *alert = NULL;

  clear_default (world);
  escalation = add_escalation (world, steps, ",\"renotify_seconds\":3600");
  alert = raise_alert (world, "Hot", "");
  expect (world, "console: Warning: Hot");
  set (world, alert, acknowledge);
  go_on (world, 3500);
  expect (world, "");
  go_on (world, 100);
  expect (world, "console: Still open: Warning: Hot");
  /* who takes notice of that too has an hour again */
  set (world, alert, acknowledge);
  go_on (world, 3500);
  expect (world, "");
  go_on (world, 100);
  expect (world, "console: Still open: Warning: Hot");
}

static void
test_storm (void)
{
  g_autoptr (World) world = world_new ();

  for (unsigned i = 0; i < 10; i++)
    {
      g_autofree char *title = g_strdup_printf ("No. %u", i);
      g_autofree char *alert = raise_alert (world, title, "");
      g_autofree char *line = g_strconcat ("console: Warning: ", title, NULL);

      expect (world, line);
    }
  /* the eleventh of a minute waits for the others */
  for (unsigned i = 0; i < 5; i++)
    g_free (raise_alert (world, "More", ""));
  expect (world, "");
  go_on (world, 60);
  expect (world, "console: 5 messages: Warning: More, …");
}

static void
test_no_address (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *mail =
    add_channel (world, "email", ",\"config\":{\"host\":\"127.0.0.1\",\"from\":\"m@example.org\"}");
  g_autofree char *person = add (world, &muster_person_info, "{\"name\":\"Ann\"}");
  g_autofree char *steps =
    g_strdup_printf ("[{\"after_seconds\":0,\"channels\":[\"%s\"],\"people\":[\"%s\"]}]", mail,
                     person);
  g_autofree char *escalation = NULL;
  g_autofree char *alert = NULL;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_notification_info);
  g_autoptr (GPtrArray) rows = NULL;

  clear_default (world);
  escalation = add_escalation (world, steps, "");
  alert = raise_alert (world, "Hot", "");
  expect (world, "");
  rows = dex_await_boxed (muster_repository_select (world->repository, query), NULL);
  g_assert_cmpuint (rows->len, ==, 1);
  g_assert_cmpint (muster_entity_get_enum (rows->pdata[0], "status"), ==,
                   MUSTER_NOTIFICATION_FAILED);
  g_assert_cmpstr (muster_entity_get_string (rows->pdata[0], "error"), ==,
                   "Ann has no email: add one to the person's record");
}

/* Large values and small ones are written out as people write them. */
static void
test_numbers (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *alert =
    raise_alert (world, "Large", ",\"value\":12345678.25,\"threshold\":0.00002,\"unit\":\"kWh\"");
  g_autoptr (MusterQuery) query = muster_query_new (&muster_notification_info);
  g_autoptr (GPtrArray) rows = NULL;

  expect (world, "console: Warning: Large");
  rows = dex_await_boxed (muster_repository_select (world->repository, query), NULL);
  g_assert_cmpuint (rows->len, ==, 1);
  g_assert_nonnull (strstr (muster_entity_get_string (rows->pdata[0], "body"),
                            "Value: 12345678 kWh (threshold 2×10⁻⁵ kWh)\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("TZ", "UTC", TRUE);
  muster_test_add_fiber ("/notify-service/default", test_default);
  muster_test_add_fiber ("/notify-service/flapping", test_flapping);
  muster_test_add_fiber ("/notify-service/steps", test_steps);
  muster_test_add_fiber ("/notify-service/worse", test_worse);
  muster_test_add_fiber ("/notify-service/silent", test_silent);
  muster_test_add_fiber ("/notify-service/siren", test_siren);
  muster_test_add_fiber ("/notify-service/restart", test_restart);
  muster_test_add_fiber ("/notify-service/begins-again", test_begins_again);
  muster_test_add_fiber ("/notify-service/storm", test_storm);
  muster_test_add_fiber ("/notify-service/no-address", test_no_address);
  muster_test_add_fiber ("/notify-service/numbers", test_numbers);
  return g_test_run ();
}
