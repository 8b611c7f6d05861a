/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sign-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-signing.h"
#include "muster-firmware-doing.h"
#include "muster-sign-dialog.h"
#include "widgets/muster-ask.h"
#include "widgets/muster-reference-row.h"
#include "widgets/muster-references.h"

typedef struct
{
  MusterSession *session;  /* (owned) */
  MusterEntity  *artifact; /* (owned) */
} Signing;

static void
signing_free (gpointer data)
{
  Signing *self = data;

  g_object_unref (self->session);
  g_object_unref (self->artifact);
  g_free (self);
}

static const char *
get_text (GtkWidget *row)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));

  return *text != '\0' ? text : NULL;
}

static void
muster_sign_dialog_yes_cb (GtkWidget *const *rows, gpointer user_data)
{
  Signing    *self = user_data;
  const char *key = muster_reference_row_get_id (MUSTER_REFERENCE_ROW (rows[0]));
  const char *second = muster_reference_row_get_id (MUSTER_REFERENCE_ROW (rows[2]));
  const char *passphrase = get_text (rows[1]);

  if (key == NULL || passphrase == NULL)
    {
      muster_session_tell (self->session, _ ("Signing takes a key, and its passphrase or PIN"));
      return;
    }
  muster_firmware_tell (self->session,
                        muster_api_firmware_sign (muster_session_get_client (self->session),
                                                  muster_entity_get_id (self->artifact), key,
                                                  passphrase, second,
                                                  second != NULL ? get_text (rows[3]) : NULL),
                        g_strdup_printf (_ ("%s is signed"),
                                         muster_reference_get_title (self->artifact)),
                        _ ("It was not signed"));
}

void
muster_sign_dialog_present (MusterSession *session, GtkWidget *parent, MusterEntity *artifact)
{
  static const char *const active[] = { "status", "active,replaced", "place", "site,token", NULL };
  GtkWidget *key = muster_reference_row_new (session, "signing_key", _ ("Key"), FALSE);
  GtkWidget *second = muster_reference_row_new (session, "signing_key", _ ("Second key"), TRUE);
  GtkWidget *rows[] = {
    key,
    g_object_new (ADW_TYPE_PASSWORD_ENTRY_ROW, "title", _ ("Passphrase, or PIN of its token"),
                  NULL),
    second,
    g_object_new (ADW_TYPE_PASSWORD_ENTRY_ROW, "title", _ ("Second passphrase or PIN"), NULL), NULL
  };
  Signing *signing = g_new0 (Signing, 1);

  signing->session = g_object_ref (session);
  signing->artifact = g_object_ref (artifact);
  muster_reference_row_set_filters (MUSTER_REFERENCE_ROW (key), active);
  muster_reference_row_set_filters (MUSTER_REFERENCE_ROW (second), active);
  muster_ask (parent, _ ("Sign This Firmware?"),
              _ (
                "Devices that know the key then take it as the site’s own. A second key is for the "
                "time while keys are changed: devices that know only one of the two take it too. A "
                "signature cannot be taken back from those who have the file."),
              rows, _ ("_Sign"), muster_sign_dialog_yes_cb, signing, signing_free);
}
