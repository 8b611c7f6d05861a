/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-duty-roster"

#include "config.h"

#include <stdio.h>

#include "model/muster-uuid.h"
#include "muster-duty-roster.h"
#include "core/muster-time-window.h"

#define MAX_SHIFTS 200
#define HORIZON_DAYS 8

/* A line of the calendar. */
typedef struct
{
  char            *person_id; /* (owned) (nullable) */
  MusterTimeWindow window;
  GDate            date; /* of an exception, else invalid */
} Line;

struct _MusterDutyRoster
{
  GTimeZone *zone;  /* (owned) */
  GPtrArray *lines; /* (owned) (element-type Line) */
};

static void
line_free (gpointer data)
{
  Line *self = data;

  g_free (self->person_id);
  g_free (self);
}

static void
refuse (MusterFieldErrors *errors, const char *pointer, const char *name, const char *detail)
{
  g_autofree char *inner = g_strconcat (pointer, "/", name, NULL);

  if (errors != NULL)
    muster_field_errors_add (errors, inner, "%s", detail);
}

/* The member NAME as text into TEXT (borrowed); FALSE where it is something else, and NULL where it
 * is null or left out. */
static gboolean
read_text (JsonObject *object, const char *name, const char **text)
{
  JsonNode *node = json_object_get_member (object, name);

  *text = NULL;
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return FALSE;
  *text = json_node_get_string (node);
  return TRUE;
}

static gboolean
read_person (Line              *line,
             JsonObject        *object,
             gboolean           may_be_nobody,
             const char        *pointer,
             MusterFieldErrors *errors)
{
  const char *text;
  gboolean    read = read_text (object, "person_id", &text);

  if (read && (text != NULL ? muster_uuid_is_valid (text) : may_be_nobody))
    {
      line->person_id = g_strdup (text);
      return TRUE;
    }
  refuse (errors, pointer, "person_id",
          may_be_nobody ? "must be the id of a person, or null for nobody"
                        : "must be the id of a person");
  return FALSE;
}

static gboolean
read_date (Line *line, JsonObject *object, const char *pointer, MusterFieldErrors *errors)
{
  const char *text;
  int         year, month, day, end = 0;

  if (read_text (object, "date", &text) && text != NULL && strlen (text) == 10 &&
      sscanf (text, "%4d-%2d-%2d%n", &year, &month, &day, &end) == 3 && end == 10 && year >= 1970 &&
      month >= 1 && month <= 12 && day >= 1 && g_date_valid_dmy (day, month, year))
    {
      g_date_set_dmy (&line->date, day, month, year);
      return TRUE;
    }
  refuse (errors, pointer, "date", "must be a date like \"2026-12-24\"");
  return FALSE;
}

/* (transfer full) (nullable): NULL where something is wrong with it. */
static Line *
read_line (JsonObject        *object,
           gboolean           is_exception,
           const char        *pointer,
           MusterFieldErrors *errors)
{
  Line    *line = g_new0 (Line, 1);
  gboolean person = read_person (line, object, is_exception, pointer, errors);
  gboolean window = muster_time_window_read (&line->window, object, pointer, errors);
  gboolean date = !is_exception || read_date (line, object, pointer, errors);

  if (person && window && date)
    return line;
  line_free (line);
  return NULL;
}

/* Appends to LINES (nullable) what the field NAME of CALENDAR holds. */
static void
read_lines (MusterEntity      *calendar,
            const char        *name,
            gboolean           is_exception,
            GPtrArray         *lines,
            MusterFieldErrors *errors)
{
  const char *text = muster_entity_get_string (calendar, name);
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;
  g_autofree char *field = g_strconcat ("/", name, NULL);
  JsonArray       *array;

  if (text == NULL)
    return;
  array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  if (array == NULL || json_array_get_length (array) > MAX_SHIFTS)
    {
      if (errors != NULL)
        muster_field_errors_add (errors, field, "must be an array of at most %d objects",
                                 MAX_SHIFTS);
      return;
    }
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode        *element = json_array_get_element (array, i);
      g_autofree char *pointer = g_strdup_printf ("/%s/%u", name, i);
      Line            *line = NULL;

      if (JSON_NODE_HOLDS_OBJECT (element))
        line = read_line (json_node_get_object (element), is_exception, pointer, errors);
      else if (errors != NULL)
        muster_field_errors_add (errors, pointer, "must be an object");
      if (line != NULL && lines != NULL)
        g_ptr_array_add (lines, line);
      else if (line != NULL)
        line_free (line);
    }
}

void
muster_duty_roster_check (MusterEntity *calendar, MusterFieldErrors *errors)
{
  g_return_if_fail (MUSTER_IS_DUTY_CALENDAR (calendar));

  read_lines (calendar, "shifts", FALSE, NULL, errors);
  read_lines (calendar, "exceptions", TRUE, NULL, errors);
}

MusterDutyRoster *
muster_duty_roster_new (MusterEntity *calendar, GTimeZone *zone)
{
  MusterDutyRoster *self;

  g_return_val_if_fail (MUSTER_IS_DUTY_CALENDAR (calendar), NULL);
  g_return_val_if_fail (zone != NULL, NULL);

  self = g_new0 (MusterDutyRoster, 1);
  self->zone = g_time_zone_ref (zone);
  self->lines = g_ptr_array_new_with_free_func (line_free);
  read_lines (calendar, "shifts", FALSE, self->lines, NULL);
  read_lines (calendar, "exceptions", TRUE, self->lines, NULL);
  return self;
}

void
muster_duty_roster_free (MusterDutyRoster *self)
{
  g_time_zone_unref (self->zone);
  g_ptr_array_unref (self->lines);
  g_free (self);
}

/* Whether LINE begins on DAY; then from when to when. */
static gboolean
get_shift (MusterDutyRoster *self, const Line *line, GDateTime *day, MusterDutyShift *shift)
{
  int year, month, date;

  g_date_time_get_ymd (day, &year, &month, &date);
  if (g_date_valid (&line->date)
        ? g_date_get_year (&line->date) != year || (int)g_date_get_month (&line->date) != month ||
            g_date_get_day (&line->date) != date
        : !(line->window.days & 1u << g_date_time_get_day_of_week (day)))
    return FALSE;
  *shift =
    (MusterDutyShift){ .person_id = line->person_id, .is_exception = g_date_valid (&line->date) };
  muster_time_window_get_interval (&line->window, self->zone, year, month, date, &shift->from,
                                   &shift->to);
  return TRUE;
}

/* Those of the lines that are EXCEPTIONS or are not. */
static void
list_lines (MusterDutyRoster *self, gint64 at, gboolean exceptions, GArray *shifts)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = self->lines->pdata[i];

      /* It may have begun the day before. */
      for (int offset = -1; g_date_valid (&line->date) == exceptions && offset <= 0; offset++)
        {
          g_autoptr (GDateTime) day = muster_time_window_dup_day (self->zone, at, offset);
          MusterDutyShift shift;

          if (get_shift (self, line, day, &shift) && at >= shift.from && at < shift.to)
            g_array_append_val (shifts, shift);
        }
    }
}

GArray *
muster_duty_roster_list (MusterDutyRoster *self, gint64 at)
{
  GArray *shifts;

  g_return_val_if_fail (self != NULL, NULL);

  shifts = g_array_new (FALSE, FALSE, sizeof (MusterDutyShift));
  list_lines (self, at, TRUE, shifts);
  if (shifts->len == 0)
    list_lines (self, at, FALSE, shifts);
  for (guint i = shifts->len; i-- > 0;)
    if (g_array_index (shifts, MusterDutyShift, i).person_id == NULL)
      g_array_remove_index (shifts, i);
  return shifts;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *)a, right = *(const gint64 *)b;

  return (left > right) - (left < right);
}

/* Every begin and end around AT and up to the horizon, in order. */
static GArray *
list_ends (MusterDutyRoster *self, gint64 at)
{
  GArray *ends = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (int offset = -1; offset <= HORIZON_DAYS; offset++)
    {
      g_autoptr (GDateTime) day = muster_time_window_dup_day (self->zone, at, offset);
      MusterDutyShift shift;

      for (guint i = 0; i < self->lines->len; i++)
        if (get_shift (self, self->lines->pdata[i], day, &shift))
          {
            g_array_append_val (ends, shift.from);
            g_array_append_val (ends, shift.to);
          }
    }
  g_array_sort (ends, compare_times);
  return ends;
}

static gboolean
is_same (GArray *a, GArray *b)
{
  gboolean same = a->len == b->len;

  for (guint i = 0; same && i < a->len; i++)
    same = g_str_equal (g_array_index (a, MusterDutyShift, i).person_id,
                        g_array_index (b, MusterDutyShift, i).person_id);
  return same;
}

gint64
muster_duty_roster_find_change (MusterDutyRoster *self, gint64 at)
{
  g_autoptr (GArray) now = muster_duty_roster_list (self, at);
  g_autoptr (GArray) ends = list_ends (self, at);

  for (guint i = 0; i < ends->len; i++)
    {
      gint64 end = g_array_index (ends, gint64, i);
      g_autoptr (GArray) then = NULL;

      if (end <= at)
        continue;
      then = muster_duty_roster_list (self, end);
      if (!is_same (now, then))
        return end;
    }
  return 0;
}
