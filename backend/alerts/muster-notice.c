/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-notice"

#include "config.h"

#include "model/muster-time.h"
#include "muster-notice.h"

G_DEFINE_FINAL_TYPE (MusterNotice, muster_notice, G_TYPE_OBJECT)

static void
muster_notice_finalize (GObject *object)
{
  MusterNotice *self = MUSTER_NOTICE (object);

  g_clear_object (&self->notification);
  g_clear_object (&self->channel);
  g_free (self->site_name);
  g_free (self->site_id);
  g_free (self->person_name);
  g_free (self->email);
  g_free (self->phone);
  g_strfreev (self->left);
  G_OBJECT_CLASS (muster_notice_parent_class)->finalize (object);
}

static void
muster_notice_class_init (MusterNoticeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_notice_finalize;
}

static void
muster_notice_init (MusterNotice *self)
{
}

MusterNotice *
muster_notice_new (MusterEntity *notification, MusterEntity *site)
{
  MusterNotice *self;

  g_return_val_if_fail (MUSTER_IS_NOTIFICATION (notification), NULL);
  g_return_val_if_fail (site == NULL || MUSTER_IS_ENTITY (site), NULL);

  self = g_object_new (MUSTER_TYPE_NOTICE, NULL);
  self->notification = g_object_ref (notification);
  if (site != NULL)
    {
      self->site_name = g_strdup (muster_entity_get_string (site, "name"));
      self->site_id = g_strdup (muster_entity_get_id (site));
    }
  else
    self->site_name = g_strdup (g_get_host_name ());
  return self;
}

const char *
muster_notice_get_id (MusterNotice *self)
{
  return muster_entity_get_id (self->notification);
}

int
muster_notice_get_kind (MusterNotice *self)
{
  return muster_entity_get_enum (self->notification, "kind");
}

int
muster_notice_get_severity (MusterNotice *self)
{
  return muster_entity_get_enum (self->notification, "severity");
}

const char *
muster_notice_get_subject (MusterNotice *self)
{
  return muster_entity_get_string (self->notification, "subject");
}

const char *
muster_notice_get_body (MusterNotice *self)
{
  const char *body = muster_entity_get_string (self->notification, "body");

  return body != NULL ? body : "";
}

static void
append_member (GString *json, const char *name, const char *value)
{
  g_string_append_printf (json, ",\"%s\":", name);
  if (value != NULL)
    muster_json_append_string (json, value, -1);
  else
    g_string_append (json, "null");
}

char *
muster_notice_make_json (MusterNotice *self)
{
  static const char *const types[] = {
    [MUSTER_NOTIFICATION_RAISE] = "alert.raised",
    [MUSTER_NOTIFICATION_REPEAT] = "alert.repeated",
    [MUSTER_NOTIFICATION_RESOLVE] = "alert.resolved",
    [MUSTER_NOTIFICATION_TEST] = "test",
    [MUSTER_NOTIFICATION_DIGEST] = "alert.digest",
    [MUSTER_NOTIFICATION_OFF] = "siren.off",
  };
  const char *data = muster_entity_get_string (self->notification, "data");
  GString    *json = g_string_new ("{\"type\":");
  char        at[MUSTER_TIME_TEXT_LENGTH + 1];

  muster_json_append_string (json, types[muster_notice_get_kind (self)], -1);
  muster_time_format (muster_entity_get_integer (self->notification, "created_at"), at);
  g_string_append_printf (json, ",\"timestamp\":\"%s\",\"data\":{\"notification_id\":", at);
  muster_json_append_string (json, muster_notice_get_id (self), -1);
  append_member (json, "subject", muster_notice_get_subject (self));
  append_member (json, "body", muster_notice_get_body (self));
  append_member (json, "severity", muster_entity_get_string (self->notification, "severity"));
  append_member (json, "site_id", self->site_id);
  append_member (json, "site", self->site_name);
  /* The members of the alert and what it is about. */
  if (data != NULL && data[0] == '{' && data[1] != '}')
    g_string_append_printf (json, ",%.*s", (int)strlen (data) - 2, data + 1);
  g_string_append (json, "}}");
  return g_string_free_and_steal (json);
}
