/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-roles"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-roles.h"

const char *
muster_roles_describe (int role)
{
  switch (role)
    {
    case MUSTER_ROLE_ADMINISTRATOR:
      return _ ("Everything, people and settings too");
    case MUSTER_ROLE_OPERATOR:
      return _ ("The daily work: devices, stock, orders and deliveries");
    case MUSTER_ROLE_TECHNICIAN:
      return _ ("Devices: adopts, replaces, repairs and moves them");
    case MUSTER_ROLE_VIEWER:
      return _ ("Sees all of the site’s work, and changes nothing");
    case MUSTER_ROLE_CUSTOMER:
      return _ ("Orders, and sees their own orders and deliveries alone");
    default:
      return "";
    }
}

static void
muster_roles_selected_cb (AdwComboRow *row)
{
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row),
                               muster_roles_describe (adw_combo_row_get_selected (row)));
}

void
muster_roles_explain_row (GtkWidget *row)
{
  g_return_if_fail (ADW_IS_COMBO_ROW (row));

  g_signal_connect (row, "notify::selected", G_CALLBACK (muster_roles_selected_cb), NULL);
  muster_roles_selected_cb (ADW_COMBO_ROW (row));
}
