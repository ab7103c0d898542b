"""gateway nlu: understand replies from the command line, measure it, and train it."""

import typer

from gateway.commands import nlu_rasa
from gateway.commands.nlu import compare, evaluate, explain, parse, review, train

app = typer.Typer(no_args_is_help=True, help="Understand customers' replies.")
app.command()(parse.parse)
app.command("evaluate")(evaluate.evaluate_file)
app.command()(train.train)
nlu_rasa.register(app)
app.command()(explain.explain)
app.command()(review.review)
app.command()(compare.compare)
