/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "musterctl"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <stdio.h>

#include "client/muster-fiber.h"
#include "muster-ctl-commands.h"

#define STACK_SIZE (1024 * 1024)

typedef struct
{
  MusterCtl               ctl;
  const MusterCtlCommand *command;
  char                  **args;     /* (owned): the command's name and all after it */
  gboolean                complete; /* for the shell */
  gboolean                version;
  MusterCtlExit           exit;
  GMainLoop              *loop; /* (owned) */
} Program;

static void
complain (Program *program, const GError *error)
{
  g_autofree char *text = muster_ctl_explain (&program->ctl, error);

  fputs (text, stderr);
  program->exit = muster_ctl_get_exit (error);
}

static DexFuture *
program_fiber (gpointer user_data)
{
  Program *program = user_data;
  g_autoptr (GError) error = NULL;

  if (program->complete)
    muster_ctl_complete (&program->ctl, program->args);
  else if (!program->command->run (&program->ctl, program->command, program->args, &error))
    complain (program, error);
  g_main_loop_quit (program->loop);
  return dex_future_new_true ();
}

/* Reads what stands before the command. */
static gboolean
program_parse (Program *program, char ***args, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("COMMAND …"));
  g_autofree char   *commands = muster_ctl_describe_commands ();
  const GOptionEntry entries[] = {
    { "complete", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &program->complete, NULL, NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &program->version, N_ ("Print the version"), NULL },
    G_OPTION_ENTRY_NULL
  };

  g_option_context_set_summary (context, _ ("Works with the devices of a Muster site."));
  g_option_context_set_description (context, commands);
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  muster_ctl_add_options (&program->ctl, context);
  return g_option_context_parse_strv (context, args, error);
}

static gboolean
program_choose (Program *program, char **args, GError **error)
{
  program->args = g_strdupv (args[0] != NULL ? args + 1 : args);
  if (program->complete || program->version)
    return TRUE;
  if (program->args[0] == NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("no command is given"));
      return FALSE;
    }
  program->command = muster_ctl_find_command (program->args[0]);
  if (program->command == NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("there is no command “%s”"),
                 program->args[0]);
  return program->command != NULL;
}

static void
program_run (Program *program)
{
  DexFuture *future = muster_fiber_spawn (NULL, STACK_SIZE, program_fiber, program, NULL);

  program->loop = g_main_loop_new (NULL, FALSE);
  g_main_loop_run (program->loop);
  g_main_loop_unref (program->loop);
  dex_unref (future);
  muster_ctl_clear (&program->ctl);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

int
main (int argc, char **argv)
{
  Program program = { 0 };
  g_auto (GStrv) args = NULL;
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, MUSTER_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  dex_init ();
  args = g_strdupv (argv);
  if (!program_parse (&program, &args, &error) || !program_choose (&program, args, &error))
    complain (&program, error);
  else if (program.version)
    muster_ctl_print ("musterctl %s\n", MUSTER_VERSION);
  else
    program_run (&program);
  muster_ctl_clear (&program.ctl);
  g_strfreev (program.args);
  return program.exit;
}
