/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-cover"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "model/muster-device-event.h"
#include "muster-alert-actions.h"
#include "muster-alert-cover.h"
#include "muster-json-enum.h"
#include "muster-permission.h"
#include "widgets/muster-age-label.h"

/* Of the text of a notice. */
#define BODY_LINES 2

/* One that is waited for. */
typedef struct
{
  char  *id;
  char  *title;
  char  *body; /* (nullable) */
  int    severity;
  gint64 at; /* UTC microseconds */
} Waiting;

struct _MusterAlertCover
{
  AdwBin parent_instance;

  MusterSession    *session; /* (owned) (nullable) */
  MusterAlertWatch *watch;   /* (owned) (nullable) */
  GPtrArray        *waiting; /* (owned) (element-type Waiting) the worst first */
  GtkWidget        *before;  /* (weak) (nullable): what had the focus when it came */

  /* Template children */
  GtkWidget      *bar;
  GtkImage       *image;
  GtkLabel       *severity;
  GtkLabel       *title;
  GtkLabel       *body;
  MusterAgeLabel *age;
  GtkLabel       *more;
  GtkWidget      *acknowledge;
};

G_DEFINE_FINAL_TYPE (MusterAlertCover, muster_alert_cover, ADW_TYPE_BIN)

enum
{
  ACTED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
waiting_free (gpointer data)
{
  Waiting *waiting = data;

  g_free (waiting->id);
  g_free (waiting->title);
  g_free (waiting->body);
  g_free (waiting);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const Waiting *first = *(Waiting *const *)a, *second = *(Waiting *const *)b;

  if (first->severity != second->severity)
    return second->severity - first->severity;
  return (first->at > second->at) - (first->at < second->at);
}

/* Whoever worked before the cover came goes on where they were. */
static void
uncover (MusterAlertCover *self)
{
  GtkWidget *before = self->before;

  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_clear_weak_pointer (&self->before);
  if (before != NULL && gtk_widget_get_mapped (before))
    gtk_widget_grab_focus (before);
}

static void
remember_focus (MusterAlertCover *self)
{
  GtkRoot   *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus != NULL && !gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    g_set_weak_pointer (&self->before, focus);
}

static void
show_front (MusterAlertCover *self)
{
  static const char *const icons[] = { "muster-ring-symbolic", "muster-triangle-symbolic",
                                       "muster-diamond-symbolic" };
  const Waiting           *front;
  unsigned                 n_more = self->waiting->len - 1;
  g_autofree char         *more = NULL;
  const char              *classes[] = { "alert-cover", NULL, NULL };

  if (self->waiting->len == 0)
    {
      uncover (self);
      return;
    }
  front = self->waiting->pdata[0];
  more = g_strdup_printf (ngettext ("and %u more", "and %u more", n_more), n_more);
  classes[1] = muster_enum_get_nick (&muster_severity_enum, front->severity);
  gtk_widget_set_css_classes (self->bar, classes);
  gtk_image_set_from_icon_name (self->image, icons[front->severity]);
  gtk_label_set_label (self->severity,
                       _ (muster_enum_get_label (&muster_severity_enum, front->severity)));
  gtk_label_set_label (self->title, front->title);
  gtk_label_set_label (self->body, front->body != NULL ? front->body : "");
  gtk_widget_set_visible (GTK_WIDGET (self->body), front->body != NULL);
  muster_age_label_set_time (self->age, front->at);
  gtk_label_set_label (self->more, more);
  gtk_widget_set_visible (GTK_WIDGET (self->more), n_more > 0);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

/* Whoever is seen to, here or elsewhere, is out of the way. */
static void
muster_alert_cover_watch_cb (MusterAlertCover *self)
{
  for (unsigned i = self->waiting->len; i > 0; i--)
    if (!muster_alert_watch_is_new (self->watch, ((Waiting *)self->waiting->pdata[i - 1])->id))
      g_ptr_array_remove_index (self->waiting, i - 1);
  show_front (self);
}

static void
hide (MusterAlertCover *self)
{
  g_ptr_array_set_size (self->waiting, 0);
  show_front (self);
  g_signal_emit (self, signals[ACTED], 0);
}

static void
muster_alert_cover_acknowledge_cb (MusterAlertCover *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) ids = NULL;

  for (unsigned i = 0; i < self->waiting->len; i++)
    g_strv_builder_add (builder, ((Waiting *)self->waiting->pdata[i])->id);
  ids = g_strv_builder_end (builder);
  muster_alerts_acknowledge (self->session, (const char *const *)ids);
  hide (self);
}

static void
muster_alert_cover_open_cb (MusterAlertCover *self)
{
  if (self->waiting->len == 0)
    return;
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open", "(ss)", "alert",
                              ((Waiting *)self->waiting->pdata[0])->id);
  hide (self);
}

static void
muster_alert_cover_hide_cb (MusterAlertCover *self)
{
  hide (self);
}

/* What the alert itself is called: the subject of a notice repeats how much it matters. */
static const char *
get_title (JsonObject *notice)
{
  JsonObject *data = muster_api_json_get_object (notice, "data");
  JsonObject *alert = data != NULL ? muster_api_json_get_object (data, "alert") : NULL;
  const char *title = alert != NULL ? muster_api_json_get_string (alert, "title") : NULL;

  return title != NULL ? title : muster_api_json_get_string (notice, "title");
}

/* Of a text for mail, what can be read from afar: where it is. The first paragraph repeats the
 * title. (transfer full) (nullable) */
static char *
shorten (const char *body)
{
  const char *rest = body != NULL ? strstr (body, "\n\n") : NULL;
  g_auto (GStrv) lines = rest != NULL ? g_strsplit (rest + 2, "\n", BODY_LINES + 1) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (lines == NULL)
    return NULL;
  for (unsigned i = 0; i < BODY_LINES && lines[i] != NULL && *lines[i] != '\0'; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " · " : "", lines[i]);
  return text->len > 0 ? g_string_free_and_steal (g_steal_pointer (&text)) : NULL;
}

void
muster_alert_cover_show (MusterAlertCover *self, JsonObject *notice)
{
  const char *id = muster_api_json_get_string (notice, "alert_id");
  const char *title = get_title (notice);
  gint64      at = muster_api_json_get_time (notice, "created_at");
  Waiting    *waiting;

  g_return_if_fail (MUSTER_IS_ALERT_COVER (self));

  if (title == NULL)
    return;
  for (unsigned i = 0; i < self->waiting->len; i++)
    if (g_strcmp0 (((Waiting *)self->waiting->pdata[i])->id, id) == 0)
      return;
  waiting = g_new (Waiting, 1);
  *waiting = (Waiting){
    g_strdup (id),
    g_strdup (title),
    shorten (muster_api_json_get_string (notice, "body")),
    CLAMP (muster_json_get_enum (notice, "severity", &muster_severity_enum), 0,
           MUSTER_N_SEVERITIES - 1),
    at > 0 ? at : g_get_real_time (),
  };
  g_ptr_array_add (self->waiting, waiting);
  g_ptr_array_sort (self->waiting, compare);
  remember_focus (self);
  show_front (self);
  gtk_widget_grab_focus (self->acknowledge);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), title, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

/* --- life --- */

static void
muster_alert_cover_dispose (GObject *object)
{
  MusterAlertCover *self = MUSTER_ALERT_COVER (object);

  g_clear_weak_pointer (&self->before);
  g_clear_object (&self->watch);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_alert_cover_parent_class)->dispose (object);
}

static void
muster_alert_cover_finalize (GObject *object)
{
  g_ptr_array_unref (MUSTER_ALERT_COVER (object)->waiting);
  G_OBJECT_CLASS (muster_alert_cover_parent_class)->finalize (object);
}

static void
muster_alert_cover_class_init (MusterAlertCoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_alert_cover_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_alert_cover_finalize;
  signals[ACTED] = g_signal_new ("acted", MUSTER_TYPE_ALERT_COVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
  g_type_ensure (MUSTER_TYPE_AGE_LABEL);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/alert-cover.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterAlertCover, bar);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertCover, image);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertCover, severity);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertCover, title);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertCover, body);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertCover, age);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertCover, more);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertCover, acknowledge);
  gtk_widget_class_bind_template_callback (widget_class, muster_alert_cover_acknowledge_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_alert_cover_open_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_alert_cover_hide_cb);
}

static void
muster_alert_cover_init (MusterAlertCover *self)
{
  self->waiting = g_ptr_array_new_with_free_func (waiting_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
muster_alert_cover_set_watch (MusterAlertCover *self,
                              MusterSession    *session,
                              MusterAlertWatch *watch)
{
  g_return_if_fail (MUSTER_IS_ALERT_COVER (self));
  g_return_if_fail (MUSTER_IS_ALERT_WATCH (watch));

  g_set_object (&self->session, session);
  g_set_object (&self->watch, watch);
  muster_age_label_set_zone (self->age, muster_session_get_zone (session));
  muster_permission_guard (session, self->acknowledge, "acknowledgeAlert");
  g_signal_connect_object (watch, "changed", G_CALLBACK (muster_alert_cover_watch_cb), self,
                           G_CONNECT_SWAPPED);
}
