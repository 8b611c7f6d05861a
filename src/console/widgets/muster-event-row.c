/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-event-row"

#include "config.h"

#include "muster-age-label.h"
#include "muster-event-row.h"
#include "muster-format.h"
#include "muster-status-chip.h"

/* What happens to one device within this time is one happening to a person. */
#define FOLD_USEC (2 * G_USEC_PER_SEC)
#define KEY_EVENT "muster-event"
#define SEPARATOR " · "

static const struct
{
  const char *kind;
  const char *icon_name;
} icons[] = {
  { "adopted", "muster-plug-symbolic" },   { "released", "media-eject-symbolic" },
  { "birth", "muster-discover-symbolic" }, { "death", "muster-cross-symbolic" },
  { "online", "muster-online-symbolic" },  { "offline", "muster-offline-symbolic" },
  { "reboot", "system-reboot-symbolic" },  { "command", "muster-instrument-symbolic" },
  { "identify", "muster-light-symbolic" }, { "alarm", "dialog-warning-symbolic" },
  { "error", "dialog-error-symbolic" },
};

static const char *const severity_classes[] = { "dim-label", "warning", "error" };

/* The shape says what happened, the colour how much it matters. */
static GtkWidget *
create_mark (MusterEntity *event)
{
  const char *kind = muster_entity_get_string (event, "kind");
  const char *icon_name = "muster-ring-symbolic";
  unsigned    severity = muster_entity_get_enum (event, "severity");
  GtkWidget  *mark;

  for (unsigned i = 0; i < G_N_ELEMENTS (icons); i++)
    if (g_strcmp0 (icons[i].kind, kind) == 0)
      icon_name = icons[i].icon_name;
  mark = gtk_image_new_from_icon_name (icon_name);
  gtk_widget_add_css_class (mark,
                            severity_classes[MIN (severity, G_N_ELEMENTS (severity_classes) - 1)]);
  return mark;
}

static char *
describe (MusterEntity *event)
{
  const char *message = muster_entity_get_string (event, "message");

  return muster_format_sentence (message != NULL ? message
                                                 : muster_entity_get_string (event, "kind"));
}

static const char *
get_text_property (GtkWidget *row)
{
  return *adw_action_row_get_subtitle (ADW_ACTION_ROW (row)) != '\0' ? "subtitle" : "title";
}

GtkWidget *
muster_event_row_new (MusterSession *session, MusterDeviceEvent *event, const char *device_name)
{
  MusterEntity    *entity = MUSTER_ENTITY (event);
  GtkWidget       *row = adw_action_row_new ();
  GtkWidget       *age = muster_age_label_new ();
  g_autofree char *what = describe (entity);

  g_object_set (row, "use-markup", FALSE, "title", device_name != NULL ? device_name : what,
                "subtitle", device_name != NULL ? what : "", "title-lines", 2, "subtitle-lines", 2,
                NULL);
  g_object_set_data_full (G_OBJECT (row), KEY_EVENT, g_object_ref (event), g_object_unref);
  gtk_widget_set_tooltip_text (row, muster_entity_get_string (entity, "kind"));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), create_mark (entity));
  if (muster_entity_get_enum (entity, "severity") > 0)
    {
      GtkWidget *chip = muster_status_chip_new ();

      muster_status_chip_set_severity (MUSTER_STATUS_CHIP (chip),
                                       muster_entity_get_enum (entity, "severity"));
      gtk_widget_set_valign (chip, GTK_ALIGN_CENTER);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), chip);
    }
  muster_age_label_set_zone (MUSTER_AGE_LABEL (age), muster_session_get_zone (session));
  muster_age_label_set_time (MUSTER_AGE_LABEL (age),
                             muster_entity_get_integer (entity, "created_at"));
  gtk_widget_set_valign (age, GTK_ALIGN_CENTER);
  muster_age_label_set_whole (MUSTER_AGE_LABEL (age), TRUE);
  gtk_widget_add_css_class (age, "dim-label");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), age);
  return row;
}

gboolean
muster_event_row_fold (GtkWidget *row, MusterDeviceEvent *earlier)
{
  MusterEntity    *event = g_object_get_data (G_OBJECT (row), KEY_EVENT);
  MusterEntity    *entity = MUSTER_ENTITY (earlier);
  const char      *property;
  g_autofree char *before = NULL, *text = NULL, *both = NULL;

  g_return_val_if_fail (event != NULL, FALSE);

  if (g_strcmp0 (muster_entity_get_string (event, "device_id"),
                 muster_entity_get_string (entity, "device_id")) != 0 ||
      muster_entity_get_enum (event, "severity") != muster_entity_get_enum (entity, "severity") ||
      ABS (muster_entity_get_integer (event, "created_at") -
           muster_entity_get_integer (entity, "created_at")) > FOLD_USEC)
    return FALSE;
  property = get_text_property (row);
  g_object_get (row, property, &text, NULL);
  before = describe (entity);
  both = g_strconcat (before, SEPARATOR, text, NULL);
  g_object_set (row, property, both, NULL);
  return TRUE;
}
