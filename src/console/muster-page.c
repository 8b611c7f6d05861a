/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-page"

#include "config.h"

#include "muster-hindsight.h"
#include "muster-page.h"

typedef struct
{
  MusterSession *session; /* (owned) */
  gboolean       disposed;
} MusterPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (MusterPage, muster_page, ADW_TYPE_NAVIGATION_PAGE)

typedef enum
{
  PROP_SESSION = 1,
} MusterPageProperty;

static GParamSpec *properties[PROP_SESSION + 1];

static MusterPagePrivate *
priv (MusterPage *self)
{
  return muster_page_get_instance_private (self);
}

static void
muster_page_rights_cb (MusterPage *self)
{
  if (MUSTER_PAGE_GET_CLASS (self)->rights_changed != NULL)
    MUSTER_PAGE_GET_CLASS (self)->rights_changed (self);
}

static void
muster_page_moment_cb (GtkWidget *widget)
{
  MusterPage *self = MUSTER_PAGE (widget);

  if (MUSTER_PAGE_GET_CLASS (self)->moment_changed != NULL)
    MUSTER_PAGE_GET_CLASS (self)->moment_changed (self);
  else if (!MUSTER_PAGE_GET_CLASS (self)->has_no_past)
    muster_page_refresh (self);
}

static void
muster_page_constructed (GObject *object)
{
  MusterSession *session = priv (MUSTER_PAGE (object))->session;

  G_OBJECT_CLASS (muster_page_parent_class)->constructed (object);
  if (session == NULL)
    return;
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_page_rights_cb), object,
                           G_CONNECT_SWAPPED);
  muster_hindsight_follow (GTK_WIDGET (object), session, muster_page_moment_cb);
}

static void
muster_page_dispose (GObject *object)
{
  MusterPage *self = MUSTER_PAGE (object);

  priv (self)->disposed = TRUE;
  g_clear_object (&priv (self)->session);
  G_OBJECT_CLASS (muster_page_parent_class)->dispose (object);
}

static void
muster_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((MusterPageProperty)prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, priv (MUSTER_PAGE (object))->session);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch ((MusterPageProperty)prop_id)
    {
    case PROP_SESSION:
      priv (MUSTER_PAGE (object))->session = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_page_class_init (MusterPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = muster_page_constructed;
  object_class->dispose = muster_page_dispose;
  object_class->get_property = muster_page_get_property;
  object_class->set_property = muster_page_set_property;
  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, MUSTER_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
muster_page_init (MusterPage *self)
{
}

MusterSession *
muster_page_get_session (MusterPage *self)
{
  g_return_val_if_fail (MUSTER_IS_PAGE (self), NULL);

  return priv (self)->session;
}

MusterApiClient *
muster_page_get_client (MusterPage *self)
{
  g_return_val_if_fail (MUSTER_IS_PAGE (self), NULL);

  return muster_session_get_client (priv (self)->session);
}

gboolean
muster_page_can_refresh (MusterPage *self)
{
  g_return_val_if_fail (MUSTER_IS_PAGE (self), FALSE);

  return MUSTER_PAGE_GET_CLASS (self)->refresh != NULL;
}

void
muster_page_refresh (MusterPage *self)
{
  g_return_if_fail (MUSTER_IS_PAGE (self));

  if (MUSTER_PAGE_GET_CLASS (self)->refresh != NULL)
    MUSTER_PAGE_GET_CLASS (self)->refresh (self);
}

gboolean
muster_page_has_past (MusterPage *self)
{
  g_return_val_if_fail (MUSTER_IS_PAGE (self), FALSE);

  return !MUSTER_PAGE_GET_CLASS (self)->has_no_past;
}

gboolean
muster_page_can_search (MusterPage *self)
{
  g_return_val_if_fail (MUSTER_IS_PAGE (self), FALSE);

  return MUSTER_PAGE_GET_CLASS (self)->search != NULL;
}

void
muster_page_search (MusterPage *self)
{
  g_return_if_fail (MUSTER_IS_PAGE (self));

  if (MUSTER_PAGE_GET_CLASS (self)->search != NULL)
    MUSTER_PAGE_GET_CLASS (self)->search (self);
}

void
muster_page_list (MusterPage *self, const char *const *filters)
{
  g_return_if_fail (MUSTER_IS_PAGE (self));
  g_return_if_fail (filters != NULL);

  if (MUSTER_PAGE_GET_CLASS (self)->list != NULL)
    MUSTER_PAGE_GET_CLASS (self)->list (self, filters);
}

gboolean
muster_page_may (MusterPage *self, const char *operation)
{
  g_return_val_if_fail (MUSTER_IS_PAGE (self), FALSE);

  return priv (self)->session != NULL && muster_session_may (priv (self)->session, operation);
}

gboolean
muster_page_scan (MusterPage *self, const char *code)
{
  g_return_val_if_fail (MUSTER_IS_PAGE (self), FALSE);
  g_return_val_if_fail (code != NULL, FALSE);

  return MUSTER_PAGE_GET_CLASS (self)->scan != NULL &&
         MUSTER_PAGE_GET_CLASS (self)->scan (self, code);
}

void
muster_page_push (MusterPage *self, MusterPage *page)
{
  GtkWidget *view;

  g_return_if_fail (MUSTER_IS_PAGE (self));
  g_return_if_fail (MUSTER_IS_PAGE (page));

  view = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_NAVIGATION_VIEW);
  g_return_if_fail (view != NULL);
  adw_navigation_view_push (ADW_NAVIGATION_VIEW (view), ADW_NAVIGATION_PAGE (page));
}

gboolean
muster_page_is_alive (MusterPage *self)
{
  g_return_val_if_fail (MUSTER_IS_PAGE (self), FALSE);

  return !priv (self)->disposed;
}

void
muster_page_run (MusterPage *self, DexFiberFunc fiber)
{
  g_return_if_fail (MUSTER_IS_PAGE (self));

  dex_future_disown (dex_scheduler_spawn (NULL, 0, fiber, g_object_ref (self), g_object_unref));
}
