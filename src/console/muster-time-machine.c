/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-time-machine"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-history.h"
#include "muster-time-machine.h"
#include "widgets/muster-format.h"
#include "widgets/muster-time-track.h"

#define POINTS 240         /* of what happened along the slider */
#define PATIENCE_MSEC 1500 /* that a step waits for the one before */
#define ENTRY_FORMAT "%Y-%m-%d %H:%M"

struct _MusterTimeMachine
{
  GtkBox parent_instance;

  MusterSession *session;     /* (owned) (nullable) */
  DexFuture     *reading;     /* (owned) (nullable) what happened */
  DexFuture     *warming;     /* (owned) (nullable) */
  gint64         to;          /* the present when it was entered, UTC microseconds */
  gint64         wanted;      /* where it is on the way to; 0: the present */
  guint          patience_id; /* timeout */
  guint          idle_id;
  guint          setting : 1; /* the widgets are moved, not by a person */
  guint          is_waiting : 1;
  guint          is_narrow : 1;

  /* Template children */
  GtkWidget       *wide;
  GtkLabel        *moment;
  GtkLabel        *note;
  GtkScale        *scale;
  MusterTimeTrack *track;
  GtkEntry        *entry;
  GtkDropDown     *reach;
};

G_DEFINE_FINAL_TYPE (MusterTimeMachine, muster_time_machine, GTK_TYPE_BOX)

typedef enum
{
  PROP_NARROW = 1,
} MusterTimeMachineProperty;

enum
{
  LEAVE,
  N_SIGNALS,
};

static GParamSpec *properties[PROP_NARROW + 1];
static unsigned    signals[N_SIGNALS];

/* How far back the slider reaches, and how far a step goes, in seconds. */
static const struct
{
  const char *label;
  gint64      seconds;
  gint64      step;
} reaches[] = {
  { N_ ("One hour"), 3600, 60 },           { N_ ("One day"), 86400, 5 * 60 },
  { N_ ("One week"), 7 * 86400, 3600 },    { N_ ("One month"), 31 * 86400, 3 * 3600 },
  { N_ ("One year"), 366 * 86400, 86400 }, { N_ ("Ten years"), 3653 * 86400, 7 * 86400 },
};

#define DEFAULT_REACH 1

static unsigned
get_reach (MusterTimeMachine *self)
{
  return MIN (gtk_drop_down_get_selected (self->reach), G_N_ELEMENTS (reaches) - 1);
}

static gint64
get_from (MusterTimeMachine *self)
{
  return self->to - reaches[get_reach (self)].seconds * G_USEC_PER_SEC;
}

/* --- what is shown --- */

static void
show_moment (MusterTimeMachine *self)
{
  gint64           at = self->wanted != 0 ? self->wanted : self->to;
  GTimeZone       *zone = muster_session_get_zone (self->session);
  g_autofree char *time = muster_format_time (at, zone);
  g_autofree char *text = NULL;
  g_autofree char *entry = NULL;
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (at / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;

  /* Translators: %s is a date and time. */
  text = self->wanted != 0 ? g_strdup_printf (_ ("As of %s – read only"), time)
                           : g_strdup (_ ("Now – draw the slider to see how it was"));
  gtk_label_set_label (self->moment, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  text, -1);
  entry = local != NULL ? g_date_time_format (local, ENTRY_FORMAT) : g_strdup ("");
  self->setting = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), entry);
  gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
  gtk_range_set_value (GTK_RANGE (self->scale), (double)(at - self->to) / G_USEC_PER_SEC);
  self->setting = FALSE;
}

static DexFuture *
muster_time_machine_read_cb (DexFuture *future, gpointer user_data)
{
  MusterTimeMachine *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value != NULL)
    muster_time_track_set_marks (self->track, g_value_get_boxed (value));
  else
    g_message ("could not read what happened: %s", error->message);
  return dex_future_new_true ();
}

static void
show_reach (MusterTimeMachine *self)
{
  unsigned reach = get_reach (self);

  self->setting = TRUE;
  gtk_range_set_range (GTK_RANGE (self->scale), -(double)reaches[reach].seconds, 0);
  gtk_range_set_increments (GTK_RANGE (self->scale), (double)reaches[reach].step,
                            (double)reaches[reach].step * 12);
  self->setting = FALSE;
  muster_time_track_set_range (self->track, get_from (self), self->to,
                               muster_session_get_zone (self->session));
  dex_clear (&self->reading);
  self->reading =
    dex_future_finally (muster_api_history_list_marks (muster_session_get_client (self->session),
                                                       get_from (self), self->to, POINTS),
                        muster_time_machine_read_cb, self, NULL);
}

static DexFuture *
muster_time_machine_warm_cb (DexFuture *future, gpointer user_data)
{
  return dex_future_new_true ();
}

/* The first way into the past is the longest: it is gone while the slider is still being taken. */
static void
warm_up (MusterTimeMachine *self)
{
  dex_clear (&self->warming);
  self->warming =
    dex_future_finally (muster_api_history_list_as_of (muster_session_get_client (self->session),
                                                       "device", get_from (self), NULL, 1),
                        muster_time_machine_warm_cb, NULL, NULL);
}

/* --- going --- */

static void
arrive (MusterTimeMachine *self)
{
  gboolean leaves = self->wanted == 0 && muster_session_get_as_of (self->session) != 0;

  self->is_waiting = FALSE;
  g_clear_handle_id (&self->patience_id, g_source_remove);
  g_clear_handle_id (&self->idle_id, g_source_remove);
  muster_session_set_as_of (self->session, self->wanted);
  if (leaves)
    show_moment (self);
}

static void
muster_time_machine_patience_cb (gpointer user_data)
{
  MusterTimeMachine *self = user_data;

  self->patience_id = 0;
  arrive (self);
}

static void
muster_time_machine_idle_cb (gpointer user_data)
{
  MusterTimeMachine *self = user_data;

  self->idle_id = 0;
  if (self->is_waiting && !muster_api_client_is_busy (muster_session_get_client (self->session)))
    arrive (self);
}

/* What an answer leads to is asked for before the main loop is idle again. */
static void
muster_time_machine_busy_cb (MusterTimeMachine *self)
{
  if (self->is_waiting && self->idle_id == 0 &&
      !muster_api_client_is_busy (muster_session_get_client (self->session)))
    self->idle_id = g_idle_add_once (muster_time_machine_idle_cb, self);
}

/* One step at a time: while the slider is drawn, what lies between is left out, and no answer about
 * one moment comes after those about another. */
static void
go (MusterTimeMachine *self, gint64 at)
{
  if (self->session == NULL)
    return;
  at = CLAMP (at, 0, self->to);
  self->wanted = at == self->to ? 0 : at;
  show_moment (self);
  if (self->wanted == muster_session_get_as_of (self->session))
    return;
  if (!muster_api_client_is_busy (muster_session_get_client (self->session)))
    {
      arrive (self);
      return;
    }
  self->is_waiting = TRUE;
  if (self->patience_id == 0)
    self->patience_id = g_timeout_add_once (PATIENCE_MSEC, muster_time_machine_patience_cb, self);
}

static void
muster_time_machine_moved_cb (MusterTimeMachine *self)
{
  double back = gtk_range_get_value (GTK_RANGE (self->scale));

  if (!self->setting && self->session != NULL)
    go (self, self->to + (gint64)(back * G_USEC_PER_SEC));
}

static void
muster_time_machine_chosen_cb (MusterTimeMachine *self, gint64 at)
{
  go (self, at);
}

static void
muster_time_machine_reach_cb (MusterTimeMachine *self)
{
  if (self->session == NULL || self->setting)
    return;
  show_reach (self);
  go (self, self->wanted != 0 ? MAX (self->wanted, get_from (self)) : self->to);
}

/* The shortest reach that has AT. */
static void
widen (MusterTimeMachine *self, gint64 at)
{
  unsigned reach = get_reach (self);

  while (reach + 1 < G_N_ELEMENTS (reaches) &&
         at < self->to - reaches[reach].seconds * G_USEC_PER_SEC)
    reach++;
  if (reach != get_reach (self))
    gtk_drop_down_set_selected (self->reach, reach);
}

/* Date and time as they are written there, in the site's zone; seconds may be told. */
static gboolean
parse_entry (MusterTimeMachine *self, gint64 *at)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  int         year, month, day, hour = 0, minute = 0;
  double      second = 0;
  g_autoptr (GDateTime) time = NULL;

  if (sscanf (text, "%d-%d-%d%*[ T]%d:%d:%lf", &year, &month, &day, &hour, &minute, &second) < 3)
    return FALSE;
  time = g_date_time_new (muster_session_get_zone (self->session), year, month, day, hour, minute,
                          second);
  if (time == NULL)
    return FALSE;
  *at = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
  return TRUE;
}

static void
muster_time_machine_entered_cb (MusterTimeMachine *self)
{
  gint64 at;

  if (!parse_entry (self, &at))
    {
      gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
      gtk_widget_error_bell (GTK_WIDGET (self->entry));
      return;
    }
  widen (self, at);
  go (self, MAX (at, get_from (self)));
}

void
muster_time_machine_step (MusterTimeMachine *self, int n, gboolean marks)
{
  gint64 at, step;

  g_return_if_fail (MUSTER_IS_TIME_MACHINE (self));

  if (self->session == NULL)
    return;
  at = self->wanted != 0 ? self->wanted : self->to;
  step = reaches[get_reach (self)].step * G_USEC_PER_SEC;
  if (marks)
    at = muster_time_track_find_next (self->track, at, n < 0);
  else
    at = CLAMP (at + n * step, get_from (self), self->to);
  /* After the last mark comes the present. */
  go (self, at != 0 ? at : n < 0 ? get_from (self) : self->to);
}

static void
muster_time_machine_earlier_cb (MusterTimeMachine *self)
{
  muster_time_machine_step (self, -1, FALSE);
}

static void
muster_time_machine_later_cb (MusterTimeMachine *self)
{
  muster_time_machine_step (self, 1, FALSE);
}

static void
muster_time_machine_previous_cb (MusterTimeMachine *self)
{
  muster_time_machine_step (self, -1, TRUE);
}

static void
muster_time_machine_next_cb (MusterTimeMachine *self)
{
  muster_time_machine_step (self, 1, TRUE);
}

void
muster_time_machine_leave (MusterTimeMachine *self)
{
  g_return_if_fail (MUSTER_IS_TIME_MACHINE (self));

  go (self, self->to);
  g_signal_emit (self, signals[LEAVE], 0);
}

static void
muster_time_machine_now_cb (MusterTimeMachine *self)
{
  muster_time_machine_leave (self);
}

void
muster_time_machine_enter (MusterTimeMachine *self)
{
  g_return_if_fail (MUSTER_IS_TIME_MACHINE (self));
  g_return_if_fail (self->session != NULL);

  self->to = g_get_real_time ();
  self->wanted = 0;
  show_reach (self);
  show_moment (self);
  warm_up (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->scale));
}

void
muster_time_machine_set_note (MusterTimeMachine *self, const char *note)
{
  g_return_if_fail (MUSTER_IS_TIME_MACHINE (self));

  gtk_label_set_label (self->note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL);
}

/* --- life --- */

static void
muster_time_machine_dispose (GObject *object)
{
  MusterTimeMachine *self = MUSTER_TIME_MACHINE (object);

  dex_clear (&self->reading);
  dex_clear (&self->warming);
  g_clear_handle_id (&self->patience_id, g_source_remove);
  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_TIME_MACHINE);
  G_OBJECT_CLASS (muster_time_machine_parent_class)->dispose (object);
}

static void
muster_time_machine_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((MusterTimeMachineProperty)prop_id)
    {
    case PROP_NARROW:
      g_value_set_boolean (value, MUSTER_TIME_MACHINE (object)->is_narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_time_machine_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  MusterTimeMachine *self = MUSTER_TIME_MACHINE (object);

  switch ((MusterTimeMachineProperty)prop_id)
    {
    case PROP_NARROW:
      self->is_narrow = g_value_get_boolean (value);
      gtk_orientable_set_orientation (GTK_ORIENTABLE (self->wide), self->is_narrow
                                                                     ? GTK_ORIENTATION_VERTICAL
                                                                     : GTK_ORIENTATION_HORIZONTAL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_time_machine_class_init (MusterTimeMachineClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_time_machine_dispose;
  object_class->get_property = muster_time_machine_get_property;
  object_class->set_property = muster_time_machine_set_property;
  properties[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
  signals[LEAVE] = g_signal_new ("leave", MUSTER_TYPE_TIME_MACHINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (MUSTER_TYPE_TIME_TRACK);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/time-machine.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterTimeMachine, wide);
  gtk_widget_class_bind_template_child (widget_class, MusterTimeMachine, moment);
  gtk_widget_class_bind_template_child (widget_class, MusterTimeMachine, note);
  gtk_widget_class_bind_template_child (widget_class, MusterTimeMachine, scale);
  gtk_widget_class_bind_template_child (widget_class, MusterTimeMachine, track);
  gtk_widget_class_bind_template_child (widget_class, MusterTimeMachine, entry);
  gtk_widget_class_bind_template_child (widget_class, MusterTimeMachine, reach);
  gtk_widget_class_bind_template_callback (widget_class, muster_time_machine_moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_time_machine_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_time_machine_reach_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_time_machine_entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_time_machine_earlier_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_time_machine_later_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_time_machine_previous_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_time_machine_next_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_time_machine_now_cb);
}

static void
muster_time_machine_init (MusterTimeMachine *self)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  for (unsigned i = 0; i < G_N_ELEMENTS (reaches); i++)
    gtk_string_list_append (labels, _ (reaches[i].label));
  gtk_drop_down_set_model (self->reach, G_LIST_MODEL (labels));
  gtk_drop_down_set_selected (self->reach, DEFAULT_REACH);
}

void
muster_time_machine_set_session (MusterTimeMachine *self, MusterSession *session)
{
  g_return_if_fail (MUSTER_IS_TIME_MACHINE (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (muster_session_get_client (session), "notify::busy",
                           G_CALLBACK (muster_time_machine_busy_cb), self, G_CONNECT_SWAPPED);
}
