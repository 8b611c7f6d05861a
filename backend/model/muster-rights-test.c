/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-rights.h"

#define EVERYBODY (MUSTER_ROLES_NOBODY - 1)

static void
test_rows (void)
{
  unsigned           n_rights;
  const MusterRight *rights = muster_rights_list (&n_rights);

  g_assert_cmpuint (n_rights, >, 50);
  for (unsigned i = 0; i < n_rights; i++)
    {
      g_assert_true (muster_rights_find (rights[i].operation) == &rights[i]);
      g_assert_cmpuint (rights[i].roles & ~(EVERYBODY | MUSTER_ROLES_NOBODY), ==, 0);
      /* An administrator may do everything that people may. */
      if (rights[i].roles & MUSTER_ROLES_OF (MUSTER_ROLE_OPERATOR))
        g_assert_true (muster_rights_allow (rights[i].operation, MUSTER_ROLE_ADMINISTRATOR));
      /* What is open to those who do not say who they are is open to those who do. */
      if (rights[i].roles & MUSTER_ROLES_NOBODY)
        g_assert_cmpuint (rights[i].roles & EVERYBODY, ==, EVERYBODY);
    }
}

static void
test_allow (void)
{
  g_assert_true (muster_rights_allow ("deleteUser", MUSTER_ROLE_ADMINISTRATOR));
  g_assert_false (muster_rights_allow ("deleteUser", MUSTER_ROLE_OPERATOR));
  g_assert_true (muster_rights_allow ("storeSamples", MUSTER_ROLE_DEVICE));
  g_assert_false (muster_rights_allow ("getSamples", MUSTER_ROLE_DEVICE));
  g_assert_true (muster_rights_allow ("listDevices", MUSTER_ROLE_VIEWER));
  g_assert_false (muster_rights_allow ("listDevices", MUSTER_ROLE_CUSTOMER));
  g_assert_null (muster_rights_find ("flyToTheMoon"));
  g_assert_false (muster_rights_allow ("flyToTheMoon", MUSTER_ROLE_ADMINISTRATOR));
}

static void
test_text (void)
{
  g_autofree char *some = muster_roles_to_string (muster_rights_find ("storeSamples")->roles);
  g_autofree char *none = muster_roles_to_string (MUSTER_ROLES_NOBODY);

  g_assert_cmpstr (some, ==, "administrator, operator, technician, device");
  g_assert_cmpstr (none, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rights/rows", test_rows);
  g_test_add_func ("/rights/allow", test_allow);
  g_test_add_func ("/rights/text", test_text);
  return g_test_run ();
}
