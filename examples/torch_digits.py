"""A training loop in PyTorch on scikit-learn's digits, and the lines that log it.

Run it, then: tensorboard --logdir logs
"""

from __future__ import annotations

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

from layerscope import Evaluation
from layerscope.torch import watch

digits = load_digits()
images = torch.tensor(digits.data / 16.0, dtype=torch.float32)
x_train, x_test, y_train, y_test = train_test_split(images, torch.tensor(digits.target), test_size=0.3, random_state=0, stratify=digits.target)
names = [str(name) for name in digits.target_names]

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
criterion = nn.CrossEntropyLoss()
epochs, batch_size = 10, 32
steps = epochs * -(-len(x_train) // batch_size)

with watch(model, optimizer, "logs/torch_digits", steps=steps) as run:
    for epoch in range(epochs):
        for batch in torch.randperm(len(x_train)).split(batch_size):
            optimizer.zero_grad()
            loss = criterion(model(x_train[batch]), y_train[batch])
            loss.backward()
            optimizer.step()
            run.loss(loss)
        evaluation = Evaluation(names, score="logit", examples=200)
        with torch.no_grad():
            for batch in torch.arange(len(x_test)).split(100):
                evaluation.update(y_test[batch], model(x_test[batch]), inputs=x_test[batch].reshape(-1, 8, 8))
        evaluation.write(run, "validation", epoch=epoch)

with torch.no_grad():
    scores = model(x_test)
print(f"accuracy {(scores.argmax(1) == y_test).float().mean():.3f} on the held-out images")
