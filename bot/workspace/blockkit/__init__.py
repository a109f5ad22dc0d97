"""What Slack accepts in a view or a message: tables (`elements`, `surfaces`) and their reader (`check`)."""
