"""Files that earlier versions wrote, a folder for each day on which their form was new."""
